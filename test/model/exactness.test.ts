import fc from 'fast-check';
import { maxCounterBytes } from '../../domain/counter-item';
import { expectExact, expectFoldOfTruth } from './check';
import { editedSubject, lowLimits, withLowLimits } from './edited-subject';
import { play } from './play';
import { runs } from './runs';
import { scheduleWithoutGivingUp } from './schedule';
import { modelStream } from './stream';
import { startEnvironment } from './subject';

describe('Whatever a mapping does short of giving up', () => {
  it('the table holds the fold of all records', async () => {
    await fc.assert(
      fc.asyncProperty(modelStream, scheduleWithoutGivingUp, async (shards, schedule) => {
        expectExact(shards, await play(shards, schedule, startEnvironment), maxCounterBytes);
      }),
      runs(3_000),
    );
  }, 300_000);

  it('the table holds the fold of all records where writes are split and items are full', async () => {
    const startWithLowLimits = await editedSubject(withLowLimits);
    await fc.assert(
      fc.asyncProperty(modelStream, scheduleWithoutGivingUp, async (shards, schedule) => {
        expectExact(shards, await play(shards, schedule, startWithLowLimits), lowLimits.counterBytes);
      }),
      runs(3_000),
    );
  }, 300_000);
});

describe('The fold that the table is compared with', () => {
  it('counts what the lines of the model were made to be', () => {
    fc.assert(fc.property(modelStream, expectFoldOfTruth), runs(1_000));
  });
});
