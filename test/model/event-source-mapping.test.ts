import fc from 'fast-check';
import { expectExact, expectExactButForPieces } from './check';
import { type LaptopStory, playMapping } from './play-mapping';
import { runs } from './runs';
import { invocationPlan } from './schedule';
import { modelStream } from './stream';
import { everything, lowLimitSubject, withSketches } from './subjects';

const story = ({ givesUp }: { readonly givesUp: boolean }): fc.Arbitrary<LaptopStory> =>
  fc.record({
    mapping: fc.record({
      batchSize: fc.integer({ min: 1, max: 5 }),
      maximumBatchingWindowSeconds: fc.constantFrom(0, 2),
      bisectBatchOnFunctionError: fc.boolean(),
      maximumRetryAttempts: givesUp ? fc.constantFrom(-1, 0, 1, 3) : fc.constant(-1),
      maximumRecordAgeSeconds: givesUp ? fc.constantFrom(-1, 60) : fc.constant(-1),
    }),
    plans: fc.array(
      fc.tuple(invocationPlan, fc.boolean()).map(([plan, answerLost]) => ({ ...plan, answerLost })),
      { minLength: 2, maxLength: 12, size: 'max' },
    ),
    days: fc.array(
      fc.record({
        puts: fc.integer({ min: 0, max: 7 }),
        waitMs: fc.constantFrom(10, 1_000, 5_000, 30_000, 100_000),
        diesAfter: fc.oneof(
          fc.integer({ min: 1, max: 12 }),
          fc.integer({ min: 1, max: 40 }),
          fc.constant(undefined),
        ),
        late: fc.nat(2),
      }),
      { minLength: 2, maxLength: 9, size: 'max' },
    ),
  });

describe("Whatever the laptop's event source mapping goes through", () => {
  it('the table holds the fold of all records, and none is given up, if it retries without end', async () => {
    const subject = await lowLimitSubject(everything);
    await fc.assert(
      fc.asyncProperty(modelStream, story({ givesUp: false }), async (planned, told) => {
        const played = await playMapping(planned, told, subject);
        expect(played.givenUp.flat()).toEqual([]);
        expectExact(played.shards, played, subject);
      }),
      runs(300),
    );
  }, 600_000);

  it('each item has counted all records that no on-failure object holds, and the first of each piece of those', async () => {
    const subject = await lowLimitSubject(withSketches);
    let givenUp = 0;
    await fc.assert(
      fc.asyncProperty(modelStream, story({ givesUp: true }), async (planned, told) => {
        const played = await playMapping(planned, told, subject);
        givenUp += played.givenUp.flat().length;
        expectExactButForPieces(played.shards, played, subject);
      }),
      runs(300),
    );
    expect(givenUp).toBeGreaterThan(0);
  }, 600_000);
});
