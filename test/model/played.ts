import { asViolation } from './deployment/journal';
import { finish } from './ending';
import { somethingHappens } from './happenings';
import { Violation } from './truth/log-truth';
import { createWorld } from './world';

/**
 * Plays the schedule of a seed with the code that this module was built with. The same seed plays the same schedule.
 *
 * @returns how often what came to pass
 * @throws Violation at the first thing that is not as it must be
 */
export async function play(seed: number): Promise<Readonly<Record<string, number>>> {
  const world = createWorld(seed);
  const { random, scheduler, journal } = world;
  try {
    for (let steps = 25 + random.below(75); steps > 0; steps--) {
      await somethingHappens(world);
      journal.throwReported();
    }
    await finish(world);
  } catch (error) {
    const trace = journal.trace.length > 0 ? `\n${journal.trace.join('\n')}` : '';
    throw new Violation(`${asViolation(error).message}${trace}`);
  }
  return { ...journal.occurred, ...scheduler.did };
}
