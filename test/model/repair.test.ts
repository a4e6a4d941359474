import fc from 'fast-check';
import { clickJson } from '../support/click-factory';
import { expectExactAfterRepair } from './check';
import type { SuddenEnd } from './connection';
import { modelStart } from './lines';
import { play } from './play';
import { runs } from './runs';
import { type Step, scheduleWithRepairs } from './schedule';
import { modelStream } from './stream';
import {
  counters,
  lowLimitSubject,
  productSubject,
  type Subject,
  withoutDuplicates,
  withSketches,
} from './subjects';

async function expectRepaired(subject: Subject, schedules: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(modelStream, scheduleWithRepairs, async (shards, schedule) => {
      expectExactAfterRepair(shards, await play(shards, schedule, subject), subject);
    }),
    runs(schedules),
  );
}

describe('Whatever a mapping gives up, once it is repaired', () => {
  it('the table holds the fold of all records, where writes are split and items are full', async () => {
    await expectRepaired(await lowLimitSubject(counters), 300);
  }, 600_000);

  it('and so do the sketches', async () => {
    await expectRepaired(productSubject(withSketches), 100);
  }, 600_000);

  it('and so it does without duplicates, of which the aggregator could not know what it had given up', async () => {
    await expectRepaired(await lowLimitSubject(withoutDuplicates), 300);
  }, 600_000);
});

describe('A repair between the reading and the writing of a function that was frozen', () => {
  const at = '2026-03-01T10:00:00Z';
  const records = ['/given-up', '/counted', '/frozen'].map((type, place) => ({
    sequenceNumber: String(place + 1),
    data: Buffer.from(clickJson({ eventId: `event-${place}`, type, timestamp: at })),
    arrivedAt: modelStart + place,
    lines: [],
  }));
  const shards = [{ name: 'clicks/shardId-000000000000', parents: [], records }];
  const invoke = (length: number, end?: SuddenEnd): Step => ({
    kind: 'invoke',
    shard: 0,
    length,
    environment: 0,
    plan: { faults: [], end },
    answerLost: false,
    bisect: false,
  });

  it('leaves the item with a bound that is not below the truth', async () => {
    const subject = productSubject(counters);
    const steps: Step[] = [
      { kind: 'give-up', shard: 0, length: 1, count: 1 },
      invoke(1),
      { kind: 'restart', back: [1, 0, 0] },
      // Each of ten items refuses the counted event, and says what it holds; then comes the write of the rest.
      invoke(2, { at: 10, kind: 'freezes' }),
      { kind: 'repair', which: 0, ahead: 3, plan: { faults: [] } },
    ];
    const played = await play(shards, { steps, lateComesLast: false, isRepaired: true }, subject);
    expectExactAfterRepair(shards, played, subject);
  });
});
