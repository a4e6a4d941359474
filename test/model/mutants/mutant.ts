import fc from 'fast-check';
import { expectExact } from '../check';
import type { Edit } from '../edited-source';
import type { FunctionSettings } from '../environment';
import { play } from '../play';
import { scheduleWithoutGivingUp } from '../schedule';
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
 * Plays the schedules against the product with these edits until an invariant does not hold.
 *
 * @returns what was found, or undefined if all of them passed
 */
export async function findOffence(
  settings: FunctionSettings,
  edits: readonly Edit[],
): Promise<string | undefined> {
  const subject = await lowLimitSubject(settings, edits);
  const property = fc.asyncProperty(modelStream, scheduleWithoutGivingUp, async (shards, schedule) => {
    expectExact(shards, await play(shards, schedule, subject), subject);
  });
  const { failed, errorInstance } = await fc.check(property, { ...budget, endOnFailure: true });
  return failed ? String(errorInstance) : undefined;
}
