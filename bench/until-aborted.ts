import { setInterval } from 'node:timers/promises';

/**
 * Works at each interval, but not twice at once, until the signal aborts.
 *
 * @param isDone asked after each time: whether that was the last
 */
export async function untilAborted(
  signal: AbortSignal,
  everyMs: number,
  work: () => Promise<void> | void,
  isDone: () => boolean = () => false,
): Promise<void> {
  try {
    for await (const _ of setInterval(everyMs, undefined, { signal })) {
      await work();
      if (isDone()) return;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
