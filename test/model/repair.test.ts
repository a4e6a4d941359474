import fc from 'fast-check';
import { expectExactAfterRepair } from './check';
import { play } from './play';
import { runs } from './runs';
import { scheduleWithRepairs } from './schedule';
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
    await expectRepaired(await lowLimitSubject(counters), 500);
  }, 300_000);

  it('and so do the sketches', async () => {
    await expectRepaired(productSubject(withSketches), 200);
  }, 300_000);

  it('and so it does without duplicates, of which the aggregator could not know what it had given up', async () => {
    await expectRepaired(await lowLimitSubject(withoutDuplicates), 500);
  }, 300_000);
});
