import { decideFault } from '../../../local/fault-injection/fault';
import type { ChaosProfile } from '../../../local/fault-injection/profile';

const profile: ChaosProfile = {
  faults: [
    { service: 'kinesis', kind: 'throttle', probability: 0.2 },
    { service: 'kinesis', operations: ['PutRecords'], kind: 'slow', probability: 0.3, delayMs: [40, 60] },
  ],
};
const decisions = (seed: string, operation: string) =>
  Array.from({ length: 2_000 }, (_, n) => decideFault(profile, seed, 'kinesis', operation, n));
const share = (faults: readonly unknown[]) => faults.filter((fault) => fault).length / faults.length;

describe('The decision on a request', () => {
  it('is the same for the same seed, operation and number', () => {
    const told = (seed: string) =>
      decisions(seed, 'PutRecords').map((fault) => fault && [fault.kind, fault.delayMs]);
    expect(told('a')).toEqual(told('a'));
    expect(told('a')).not.toEqual(told('b'));
  });

  it('falls as often as the rules that match say, one rule at a time', () => {
    const puts = decisions('c', 'PutRecords');
    expect(share(puts)).toBeCloseTo(0.5, 1);
    const slow = puts.filter((fault) => fault?.kind === 'slow');
    expect(slow.length / puts.length).toBeCloseTo(0.3, 1);
    for (const fault of slow) {
      expect(fault!.delayMs).toBeGreaterThanOrEqual(40);
      expect(fault!.delayMs).toBeLessThanOrEqual(60);
    }
    expect(share(decisions('c', 'GetRecords'))).toBeCloseTo(0.2, 1);
    expect(decideFault(profile, 'c', 's3', 'PutObject', 0)).toBeUndefined();
  });
});
