import type { TimedItem } from './event-source';

/** An item with what decides its turn: its time, then its source's place, then its own within the source. */
interface Timed {
  readonly item: TimedItem;
  readonly at: number;
  readonly rank: number;
  readonly order: number;
  readonly bytes: number;
}

/** How far ahead of its turn an item may be held, so that earlier ones that come after it can go first. */
export interface MergeWindow {
  readonly items: number;
  readonly bytes: number;
}

/** Servers write a line when its request ends, so lines are late by seconds: far less than this in a busy log. */
export const mergeWindow: MergeWindow = { items: 1000, bytes: 8 * 1024 * 1024 };

interface Source {
  readonly items: AsyncIterator<TimedItem>;
  head: Timed;
}

/**
 * Merges sources by the events' time while they are read. It holds one item of each and the window, so memory is
 * bounded however long they are; hence each has to be nearly in order itself, as logs are. An event that is later in
 * its source than the window reaches is passed on as soon as it is read. Items without a time follow the one before
 * them; at one time, the source given first comes first, and within it the line. Each item is `finished` in its turn.
 */
export async function* mergeByTime<T>(
  sources: readonly AsyncIterable<TimedItem>[],
  finished: (item: TimedItem) => T,
  window = mergeWindow,
): AsyncGenerator<T, void, undefined> {
  const open: Source[] = [];
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  /** In turn. Nearly every item belongs near its end, so that it is inserted from there. */
  const queue: Timed[] = [];
  let bytes = 0;
  const insert = (item: Timed) => {
    let at = queue.length;
    while (at > 0 && isBefore(item, queue[at - 1]!)) at--;
    queue.splice(at, 0, item);
    bytes += item.bytes;
  };
  const first = () => {
    const { item, bytes: size } = queue.shift()!;
    bytes -= size;
    return finished(item);
  };
  try {
    for (const [rank, items] of iterators.entries()) {
      const { done, value: item } = await items.next();
      if (!done) open.push({ items, head: timed(item, { at: Number.NEGATIVE_INFINITY, rank, order: 0 }) });
    }
    while (open.length > 0) {
      const source = earliest(open);
      insert(source.head);
      const { done, value: item } = await source.items.next();
      if (done) open.splice(open.indexOf(source), 1);
      else source.head = timed(item, source.head);
      while (queue.length > window.items || bytes > window.bytes) yield first();
    }
    while (queue.length > 0) yield first();
  } finally {
    for (const items of iterators) await items.return?.();
  }
}

function timed(item: TimedItem, before: Omit<Timed, 'item' | 'bytes'>): Timed {
  const at = (item.ok ? item.at : undefined) ?? before.at;
  const bytes = item.ok ? (item.lineBytes ?? 0) : 0;
  return { item, at, rank: before.rank, order: before.order + 1, bytes };
}

function earliest(sources: readonly Source[]): Source {
  let first = sources[0]!;
  for (const source of sources) if (source.head.at < first.head.at) first = source;
  return first;
}

function isBefore(a: Timed, b: Timed): boolean {
  if (a.at !== b.at) return a.at < b.at;
  return a.rank === b.rank ? a.order < b.order : a.rank < b.rank;
}
