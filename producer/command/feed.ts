import { setImmediate } from 'node:timers/promises';
import { type Clock, elapsedMs } from '../../cli/clock';
import type { SourceEvent, SourceItem, UnreadableLine } from '../sources/event-source';
import type { Traffic } from './options';
import { createPace } from './pace';

/** Why reading ended: the input's end, `--count`, `--duration`, or a signal. */
export type FeedEnd = 'input' | 'count' | 'duration' | 'signal';

export interface FeedPorts {
  readonly clock: Clock;
  /** Aborted by the caller: reading stops. The source was opened with it. */
  readonly signal: AbortSignal;
  /** Aborts `signal` when the duration is over. */
  readonly stop: AbortController;
  /** Resolves when another event can be taken; undefined if that is now. */
  ready(): Promise<void> | undefined;
  emit(event: SourceEvent): void;
  skip(line: UnreadableLine): void;
  /** Told with each event how far it was behind its schedule. */
  behind?(ms: number): void;
}

/** An input that is always ready would else keep sockets and signals waiting. */
const turnMs = 10;

/** Reads events at the traffic's rate and within its limits, and hands them on. */
export async function feed(
  source: AsyncIterable<SourceItem>,
  { rate, count, durationMs }: Pick<Traffic, 'rate' | 'count' | 'durationMs'>,
  { clock, signal, stop, ready, emit, skip, behind }: FeedPorts,
): Promise<FeedEnd> {
  const pace = createPace(rate, clock);
  const items = source[Symbol.asyncIterator]();
  const startedAt = elapsedMs(clock);
  // A timer may end a fraction of a millisecond before its time, and then the clock says that it is not over.
  let isTimeUp = false;
  const isOver = () => isTimeUp || (durationMs !== undefined && elapsedMs(clock) - startedAt >= durationMs);
  const interrupted = () => (isOver() ? 'duration' : 'signal');
  // A read that waits for input would otherwise outlast the duration.
  if (durationMs !== undefined) {
    void clock.sleep(durationMs, signal).then(() => {
      isTimeUp = !signal.aborted;
      stop.abort();
    });
  }

  const nextEvent = async () => {
    for (;;) {
      const { done, value: item } = await items.next();
      if (done) return undefined;
      if (item.ok) return item;
      skip(item);
    }
  };

  let turnedAt = startedAt;
  const turn = () => {
    const now = elapsedMs(clock);
    if (now - turnedAt < turnMs) return undefined;
    turnedAt = now;
    return setImmediate();
  };
  // Most events wait for nothing, and a wait for nothing costs more than the question.
  const wait = async (waiting: Promise<void> | undefined) => {
    await waiting;
    turnedAt = elapsedMs(clock);
  };

  try {
    for (let read = 0; count === undefined || read < count; read++) {
      const room = ready() ?? turn();
      if (room) await wait(room);
      const due = pace.next(signal);
      if (due) await wait(due);
      if (isOver() || signal.aborted) return interrupted();
      const event = await nextEvent();
      if (!event) return signal.aborted ? interrupted() : 'input';
      const own = event.dueMs === undefined ? undefined : pace.until(event.dueMs, signal);
      if (own) await wait(own);
      if (own && (isOver() || signal.aborted)) return interrupted();
      behind?.(pace.behindMs());
      emit(event);
    }
    return 'count';
  } finally {
    await items.return?.(undefined);
  }
}
