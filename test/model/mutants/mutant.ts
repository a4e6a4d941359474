import fc from 'fast-check';
import { expectExactAfterRepair } from '../check';
import type { Edit } from '../edited-source';
import type { FunctionSettings } from '../environment';
import { play } from '../play';
import type { Schedule } from '../schedule';
import { modelStream } from '../stream';
import { lowLimitSubject } from '../subjects';

/** A mistake that somebody could make in the product, and that the model has to notice. */
export interface Mutant extends Edit {
  /** What the mistaken code does, as a sentence without its subject. */
  readonly name: string;
}

/** Makes mutants of one file: what the mistaken code does, the text that it changes, and what stands there then. */
export function mutantsOf(file: string): (name: string, find: string, replace: string) => Mutant {
  return (name, find, replace) => ({ file, name, find, replace });
}

/** Schedules that a mutant may survive. Always the same ones, so that a mutant is caught every time or never. */
const budget = { seed: 20_261_121, numRuns: 600 } as const;

/**
 * Plays schedules against the product with these edits until an invariant does not hold.
 *
 * @returns what was found, or undefined if all of them passed
 */
async function findOffence(
  settings: FunctionSettings,
  schedules: fc.Arbitrary<Schedule>,
  edits: readonly Edit[],
): Promise<string | undefined> {
  const subject = await lowLimitSubject(settings, edits);
  const property = fc.asyncProperty(modelStream, schedules, async (shards, schedule) => {
    expectExactAfterRepair(shards, await play(shards, schedule, subject), subject);
  });
  const { failed, errorInstance } = await fc.check(property, { ...budget, endOnFailure: true });
  return failed ? String(errorInstance) : undefined;
}

/** Tests that the model catches each mutant, and finds nothing wrong with the product by the same schedules. */
export function describeMutants(
  subjectName: string,
  settings: FunctionSettings,
  schedules: fc.Arbitrary<Schedule>,
  mutants: readonly Mutant[],
): void {
  it('finds nothing wrong with the product', async () => {
    expect(await findOffence(settings, schedules, [])).toBeUndefined();
  }, 600_000);

  it.each(mutants)(
    `catches ${subjectName} that $name`,
    async (mutant) => {
      expect(await findOffence(settings, schedules, [mutant])).toBeDefined();
    },
    600_000,
  );
}
