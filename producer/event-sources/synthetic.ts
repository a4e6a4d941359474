import { createClickGenerator } from '../../domain/click-generator';
import { seededRandom } from '../../domain/random';
import { outgoingEvent } from '../outgoing-event';
import type { SourceEvent } from './event-source';

/** Seeded events happen from here on, a second apart. */
export const simulatedStart = Date.UTC(2026, 0, 1);
const simulatedStepMs = 1000;

/** Generated clicks, without end. `timeOf` says when the n-th (from 0) happens. */
export async function* syntheticEvents(
  seed: string,
  timeOf: (index: number) => number,
): AsyncGenerator<SourceEvent, void, undefined> {
  const generator = createClickGenerator(seededRandom(seed));
  for (let index = 0; ; index++) {
    const at = timeOf(index);
    const event = generator.next(at);
    yield { ok: true, ...outgoingEvent(event), at, event };
  }
}

/** The time of the n-th event of a run that is to be the same whenever and however fast it runs. */
export function simulatedTime(index: number): number {
  return simulatedStart + index * simulatedStepMs;
}
