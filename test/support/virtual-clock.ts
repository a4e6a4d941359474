import type { Clock } from '../../local/clock';

export interface VirtualClock extends Clock {
  /** Lets everything that is ready to run do so, without moving time. */
  settle(): Promise<void>;
  /** Moves time on by `ms`, waking each sleeper at its own instant, in order. */
  advance(ms: number): Promise<void>;
  /**
   * Moves time on from sleeper to sleeper until `promise` settles, and returns its value. Throws when nobody
   * sleeps any more (a deadlock), or when it would take more than `limitMs` of virtual time.
   */
  until<T>(promise: Promise<T>, limitMs?: number): Promise<T>;
  /** As `until`, for a condition that is looked at after each step. */
  untilTrue(condition: () => boolean, limitMs?: number): Promise<void>;
  /** Sleepers now waiting. */
  pending(): number;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

const DAY_MS = 86_400_000;

/**
 * A clock that moves only when the test says so. Code under it must wait through promises and `sleep` alone:
 * real timers, sockets and thread-pool work are not seen by `settle`.
 */
export function createVirtualClock(startAt = Date.parse('2026-03-01T10:00:00.000Z')): VirtualClock {
  const sleepers = new Set<Sleeper>();
  let time = startAt;

  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const wake = () => {
        sleepers.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper: Sleeper = { at: time + Math.max(0, ms), wake };
      sleepers.add(sleeper);
      signal?.addEventListener('abort', wake);
    });

  // Promise chains run to their end between two turns of the event loop, so one turn is enough.
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

  // The set keeps insertion order, so sleepers of one instant wake in the order in which they lay down.
  const next = () => {
    let first: Sleeper | undefined;
    for (const sleeper of sleepers) {
      if (!first || sleeper.at < first.at) first = sleeper;
    }
    return first;
  };

  const wake = async (sleeper: Sleeper) => {
    time = Math.max(time, sleeper.at);
    sleeper.wake();
    await settle();
  };

  const advance = async (ms: number) => {
    const target = time + ms;
    await settle();
    for (let sleeper = next(); sleeper && sleeper.at <= target; sleeper = next()) await wake(sleeper);
    time = target;
    await settle();
  };

  const untilTrue = async (condition: () => boolean, limitMs = DAY_MS) => {
    const limit = time + limitMs;
    await settle();
    while (!condition()) {
      const sleeper = next();
      if (!sleeper) throw new Error('virtual clock: nobody sleeps and the condition does not hold');
      if (sleeper.at > limit)
        throw new Error(`virtual clock: not reached within ${limitMs} ms of virtual time`);
      await wake(sleeper);
    }
  };

  const until = async <T>(promise: Promise<T>, limitMs = DAY_MS): Promise<T> => {
    let settled = false;
    const mark = () => {
      settled = true;
    };
    promise.then(mark, mark);
    await untilTrue(() => settled, limitMs);
    return promise;
  };

  return { now: () => time, sleep, settle, advance, until, untilTrue, pending: () => sleepers.size };
}
