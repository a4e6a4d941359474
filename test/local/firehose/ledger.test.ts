import fc from 'fast-check';
import { createLedger, type Span } from '../../../local/firehose/ledger';

describe('the ledger of a shard', () => {
  it('reports a span when it was released as often as held, and not before those ahead of it', () => {
    const ledger = createLedger();
    const done: string[] = [];
    const first = ledger.open(() => done.push('first'));
    const second = ledger.open(() => done.push('second'));
    first.hold();
    second.release();
    first.release();
    expect(done).toEqual([]);
    first.release();
    expect(done).toEqual(['first', 'second']);
  });

  it('knows the oldest arrival among spans that are not done', () => {
    const ledger = createLedger();
    const first = ledger.open(() => {}, 500);
    const second = ledger.open(() => {}, 300);
    expect(ledger.oldestArrival()).toBe(300);
    first.release();
    expect(ledger.oldestArrival()).toBe(300);
    second.release();
    expect(ledger.oldestArrival()).toBeUndefined();
  });

  it('reports every span once and in order, whatever the order of the releases', () => {
    const holds = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 20 });
    fc.assert(
      fc.property(holds, fc.infiniteStream(fc.nat()), (counts, choices) => {
        const ledger = createLedger();
        const done: number[] = [];
        const releases: Span[] = counts.flatMap((count, index) => {
          const span = ledger.open(() => done.push(index));
          for (let i = 1; i < count; i++) span.hold();
          return Array<Span>(count).fill(span);
        });
        while (releases.length > 0) {
          const [span] = releases.splice(Number(choices.next().value) % releases.length, 1);
          span?.release();
          expect(done).toEqual(done.map((_, index) => index));
        }
        expect(done).toHaveLength(counts.length);
      }),
    );
  });
});
