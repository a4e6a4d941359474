import fc from 'fast-check';
import { type CounterWrite, planRun, planWrite } from '../../domain/counter-write';
import { type Fold, fold, foldLines, type ShardRecord } from '../../domain/fold';
import { naiveDuplicateFilter } from '../model/duplicate-reference';
import { modelStream } from '../model/stream';
import { clickJson } from '../support/click-factory';
import { placedLines, plainFold } from '../support/plain-fold';

const shard = 'clicks/shardId-000000000003';

/** More by hand: `NUM_RUNS=50000 npx jest test/domain/fold`. */
const numRuns = Number(process.env.NUM_RUNS ?? 150);

function runsOf({ runs }: Fold) {
  return runs.map(({ key, window, entries }) => ({ key, window, entries }));
}

describe('The fold', () => {
  it('comes to what a plain fold of the same lines comes to, entry by entry', () => {
    const seen = { grouped: 0, cut: 0, invalid: 0, duplicates: 0 };
    fc.assert(
      fc.property(modelStream, fc.constantFrom(0, 60), (shards, horizon) => {
        const { name, records } = shards[0]!;
        const lines = placedLines(records);
        const expected = plainFold(name, lines, naiveDuplicateFilter(horizon));

        const folded = fold(name, records, naiveDuplicateFilter(horizon));
        expect(runsOf(folded)).toEqual(expected);
        expect(runsOf(foldLines(name, lines, naiveDuplicateFilter(horizon)))).toEqual(expected);
        if (horizon === 0) expect(runsOf(fold(name, records))).toEqual(expected);

        const entries = expected.flatMap((run) => run.entries);
        seen.grouped += entries.filter(({ count }) => count > 1).length;
        seen.cut += entries.filter(({ cut }) => cut > 0).length;
        seen.invalid += folded.invalidByReason.size;
        seen.duplicates += folded.duplicates;
      }),
      { numRuns },
    );
    // The comparison would prove little if one of them hardly ever came up.
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(numRuns / 10);
  });

  it('tells an observer of each valid event once, in its order, with its place', () => {
    fc.assert(
      fc.property(modelStream, (shards) => {
        const { name, records } = shards[0]!;
        const expected = placedLines(records).filter(({ reading }) => reading.ok);
        const observed: unknown[] = [];
        fold(name, records, undefined, ({ event }, { position, sequenceNumber, arrivedAt }) => {
          observed.push({ event, position, sequenceNumber, arrivedAt });
        });
        expect(observed).toEqual(
          expected.map(({ reading, position, sequenceNumber, arrivedAt }) => ({
            event: reading.ok && reading.event,
            position,
            sequenceNumber,
            arrivedAt,
          })),
        );
      }),
      { numRuns: numRuns / 5 },
    );
  });
});

describe('The first write of a run', () => {
  it('is the one that is planned of its entries', () => {
    fc.assert(
      fc.property(modelStream, (shards) => {
        const runs = shards.flatMap(({ name, records }) => fold(name, records).runs);
        // Equal maps may differ in their order, which the update has.
        const ordered = (write: CounterWrite) => ({ ...write, counts: [...write.counts] });
        expect(runs.map((run) => ordered(planRun(run)))).toEqual(
          runs.map(({ entries }) => ordered(planWrite(entries))),
        );
      }),
      { numRuns: numRuns / 5 },
    );
  });

  it.each([250, 251, 600])('is the one that is planned of its entries, with %d values', (values) => {
    const records: ShardRecord[] = Array.from({ length: values + 40 }, (_, index) => ({
      sequenceNumber: String(1_000 + index),
      data: Buffer.from(clickJson({ type: `type-${index % values}` })),
      arrivedAt: Date.parse('2026-03-01T10:00:00.000Z') + index,
    }));
    const types = fold(shard, records).runs.filter(({ key }) => key.pk === 'type#0');
    expect(types.length).toBe(2);
    for (const run of types) {
      const write = planRun(run);
      expect(write).toEqual(planWrite(run.entries));
      expect(write.counts.size).toBe(Math.min(values, 250));
      expect(write.entries).toBe(values === 250 ? 290 : 250);
    }
  });
});
