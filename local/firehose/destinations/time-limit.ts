import type { Clock } from '../../clock';

/** What `within` rejects with. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

/** Ends an operation, by the signal that it is given, when the time is over or the outer signal aborts, and rejects then. */
export async function within<T>(
  limitMs: number,
  clock: Clock,
  outer: AbortSignal,
  operation: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const answered = new AbortController();
  const overtime = clock.sleep(limitMs, AbortSignal.any([answered.signal, outer])).then(() => {
    if (answered.signal.aborted) return new Promise<never>(() => {});
    throw new TimedOut(`no answer within ${limitMs} ms`);
  });
  try {
    return await Promise.race([operation(over.signal), overtime]);
  } finally {
    answered.abort();
    over.abort();
  }
}
