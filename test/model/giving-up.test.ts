import fc from 'fast-check';
import { maxCounterBytes } from '../../domain/counter-item';
import { expectExactButForPieces } from './check';
import { editedSubject, lowLimits, withLowLimits } from './edited-subject';
import { play } from './play';
import { runs } from './runs';
import { scheduleWithGivingUp } from './schedule';
import { modelStream } from './stream';
import { startEnvironment } from './subject';

describe('Whatever a mapping does and gives up', () => {
  it('each item has counted all other records, and of each piece that was given up the first few', async () => {
    await fc.assert(
      fc.asyncProperty(modelStream, scheduleWithGivingUp, async (shards, schedule) => {
        expectExactButForPieces(shards, await play(shards, schedule, startEnvironment), maxCounterBytes);
      }),
      runs(2_000),
    );
  }, 300_000);

  it('that is so where writes are split and items are full', async () => {
    const startWithLowLimits = await editedSubject(withLowLimits);
    await fc.assert(
      fc.asyncProperty(modelStream, scheduleWithGivingUp, async (shards, schedule) => {
        const played = await play(shards, schedule, startWithLowLimits);
        expectExactButForPieces(shards, played, lowLimits.counterBytes);
      }),
      runs(2_000),
    );
  }, 300_000);
});
