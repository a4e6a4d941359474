import { type Clock, elapsedMs } from './clock';
import type { SourceEvent, SourceItem, UnreadableLine } from './event-sources/event-source';
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
  /** Resolves when another event can be taken. */
  ready(): Promise<void>;
  emit(event: SourceEvent): void;
  skip(line: UnreadableLine): void;
}

/** Reads events at the traffic's rate and within its limits, and hands them on. */
export async function feed(
  source: AsyncIterable<SourceItem>,
  { rate, count, durationMs }: Pick<Traffic, 'rate' | 'count' | 'durationMs'>,
  { clock, signal, stop, ready, emit, skip }: FeedPorts,
): Promise<FeedEnd> {
  const pace = createPace(rate, clock);
  const items = source[Symbol.asyncIterator]();
  const startedAt = elapsedMs(clock);
  const isOver = () => durationMs !== undefined && elapsedMs(clock) - startedAt >= durationMs;
  const interrupted = () => (isOver() ? 'duration' : 'signal');
  // A read that waits for input would otherwise outlast the duration.
  if (durationMs !== undefined) void clock.sleep(durationMs, signal).then(() => stop.abort());

  const nextEvent = async () => {
    for (;;) {
      const { done, value: item } = await items.next();
      if (done) return undefined;
      if (item.ok) return item;
      skip(item);
    }
  };

  try {
    for (let read = 0; count === undefined || read < count; read++) {
      await ready();
      await pace.next(signal);
      if (isOver() || signal.aborted) return interrupted();
      const event = await nextEvent();
      if (!event) return signal.aborted ? interrupted() : 'input';
      emit(event);
    }
    return 'count';
  } finally {
    await items.return?.(undefined);
  }
}
