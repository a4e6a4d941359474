import fc from 'fast-check';
import { expectExactButForPieces } from './check';
import { play } from './play';
import { runs } from './runs';
import { scheduleWithGivingUp } from './schedule';
import { modelStream } from './stream';
import { counters, lowLimitSubject, productSubject, type Subject, withSketches } from './subjects';

async function expectExactButForPiecesWhatever(subject: Subject, schedules: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(modelStream, scheduleWithGivingUp, async (shards, schedule) => {
      expectExactButForPieces(shards, await play(shards, schedule, subject), subject);
    }),
    runs(schedules),
  );
}

describe('Whatever a mapping does and gives up', () => {
  it('each item has counted all other records, and of each piece that was given up the first few', async () => {
    await expectExactButForPiecesWhatever(productSubject(counters), 1_500);
  }, 600_000);

  it('that is so where writes are split and items are full', async () => {
    await expectExactButForPiecesWhatever(await lowLimitSubject(counters), 1_500);
  }, 600_000);

  it('each sketch has all of the other records, and nothing else than of what was given up', async () => {
    await expectExactButForPiecesWhatever(await lowLimitSubject(withSketches), 150);
  }, 600_000);
});
