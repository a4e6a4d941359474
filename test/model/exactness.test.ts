import fc from 'fast-check';
import { expectExact, expectFoldOfTruth } from './check';
import { play } from './play';
import { runs } from './runs';
import { scheduleWithoutGivingUp } from './schedule';
import { modelStream } from './stream';
import {
  counters,
  everything,
  lowLimitSubject,
  productSubject,
  type Subject,
  withoutDuplicates,
  withSketches,
} from './subjects';

async function expectExactWhatever(subject: Subject, schedules: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(modelStream, scheduleWithoutGivingUp, async (shards, schedule) => {
      expectExact(shards, await play(shards, schedule, subject), subject);
    }),
    runs(schedules),
  );
}

describe('Whatever a mapping does short of giving up', () => {
  it('the table holds the fold of all records', async () => {
    await expectExactWhatever(productSubject(counters), 2_500);
  }, 600_000);

  it('the table holds the fold of all records where writes are split and items are full', async () => {
    await expectExactWhatever(await lowLimitSubject(counters), 2_500);
  }, 600_000);

  it('so do the sketches of distinct visitors and sessions, in one item as many as have room', async () => {
    await expectExactWhatever(await lowLimitSubject(withSketches), 300);
  }, 600_000);

  it('without what a producer sent twice, which counts as a duplicate and as nothing else', async () => {
    await expectExactWhatever(productSubject(withoutDuplicates), 1_200);
  }, 600_000);
});

describe('What the table is compared with', () => {
  it('counts what the lines of the model were made to be', () => {
    const property = fc.property(modelStream, (shards) =>
      expectFoldOfTruth(shards, productSubject(everything)),
    );
    fc.assert(property, runs(500));
  });
});
