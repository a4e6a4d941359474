import { disturbedFunction, rolesOf } from '../../../local/fault-injection/disturb-function';
import type { FunctionFaultRule } from '../../../local/fault-injection/profile';
import type { LambdaFunction } from '../../../local/function-runtime/lambda-function';
import { tooManyRequests } from '../../../local/metrics/measured-function';
import { neverAborted } from '../../support/never-aborted';

const fn: LambdaFunction = {
  arn: 'arn',
  name: 'transformer-7',
  roleArn: 'role',
  invoke: async () => ({ kind: 'returned', payload: 'real', payloadBytes: 6 }),
};

function disturbed(
  rule: Omit<FunctionFaultRule, 'function'>,
  role: FunctionFaultRule['function'] = 'transformer',
) {
  const written: unknown[] = [];
  const slept: number[] = [];
  const subject = disturbedFunction(fn, role, {
    profile: { faults: [], functions: [{ function: 'transformer', ...rule }] },
    seed: 'seed',
    clock: { sleep: async (ms) => void slept.push(ms) },
    signal: neverAborted(),
    log: { write: (injection) => written.push(injection), counts: () => ({}), close: () => {} },
  });
  return { subject, written, slept };
}

describe('A function that is exposed to faults', () => {
  it('crashes, and the fault is written down', async () => {
    const { subject, written } = disturbed({ kind: 'crash', probability: 1 });
    expect(await subject.invoke('{}')).toMatchObject({ kind: 'failed', errorType: 'Runtime.ExitError' });
    expect(written).toEqual([{ service: 'lambda', operation: 'transformer', fault: 'crash', request: 0 }]);
  });

  it('is throttled as Lambda throttles', async () => {
    const { subject } = disturbed({ kind: 'throttle', probability: 1 });
    await expect(subject.invoke('{}')).rejects.toMatchObject({ name: tooManyRequests });
  });

  it('begins late', async () => {
    const { subject, slept } = disturbed({ kind: 'slow', probability: 1, delayMs: [70, 70] });
    expect(await subject.invoke('{}')).toMatchObject({ payload: 'real' });
    expect(slept).toEqual([70]);
  });

  it('meets about so many faults as the probability says, alike with the same seed', async () => {
    const outcomes = async () => {
      const { subject } = disturbed({ kind: 'crash', probability: 0.3 });
      const kinds: string[] = [];
      for (let n = 0; n < 200; n++) kinds.push((await subject.invoke('{}')).kind);
      return kinds;
    };
    const kinds = await outcomes();
    expect(await outcomes()).toEqual(kinds);
    const failed = kinds.filter((kind) => kind === 'failed').length;
    expect(failed).toBeGreaterThan(40);
    expect(failed).toBeLessThan(80);
  });

  it('is left alone by the rules for another', () => {
    expect(disturbed({ kind: 'crash', probability: 1 }, 'aggregator').subject).toBe(fn);
  });

  it('is found by the outputs of the stacks', () => {
    const outputs = {
      one: { AggregatorFunctionName: 'a', CompactorFunctionName: 'c' },
      two: { TransformerFunctionName: 't' },
      three: { CollectorFunctionName: 'h', CollectorUrl: 'u' },
    };
    expect(Object.fromEntries(rolesOf({ outputs }))).toEqual({
      a: 'aggregator',
      c: 'compactor',
      t: 'transformer',
      h: 'collector',
    });
  });
});
