import { dimensionNamed } from '../../domain/counters/dimensions';
import type { WindowSize } from '../../domain/counters/window';
import { type Unique, uniquesFor } from '../../domain/visitors/uniques';
import { kib, secondsPerHour } from '../units';
import { recordsOfBatch, type ShardLoad } from './shard-load';
import { spreadDimensions } from './spread-dimensions';
import { pagesIn, sessionsIn, sumOverPages, valuesIn, visitorsIn, visitsIn } from './visits';

/** Parts of the table that are a line of the bill each. */
export type TablePart = 'deltas' | 'ids' | 'minutes' | 'hours' | 'days' | 'visitors';

/** How long something is kept: as the log, or as the items of a window. */
export type Lifetime = 'log' | WindowSize;

/** What the table does for one shard in an hour. */
export interface ShardHour {
  readonly batches: number;
  readonly compactions: number;
  /** That compactions write. */
  readonly items: number;
  readonly writeUnits: Readonly<Record<TablePart, number>>;
  /** Of the compactor. */
  readonly readUnits: number;
  /** Bytes that the hour adds, as storage is charged. */
  readonly storedBytes: Readonly<Record<Lifetime, number>>;
}

/**
 * Bytes of what the table holds, as measured of the real code (`test/cost/table/shard-hour.test.ts` holds the outcome
 * against it): keys and attributes, and what deflate leaves of values, counts and ids.
 */
const bytes = {
  delta: { keysAndAttributes: 334, idsToken: 16, body: 150, fewValues: 70, page: 3.25, visitorsHead: 10 },
  ids: { keysAndAttributes: 198, id: 8 },
  item: { keysAndAttributes: 205, page: 3.3, somePages: 250, fewValues: 110 },
  sketchName: 22,
  /** What DynamoDB adds to each item where it charges for storage (AWS docs: DynamoDB item sizes). */
  stored: 100,
} as const;

const secondsOf: Readonly<Record<WindowSize, number>> = { minute: 60, hour: secondsPerHour, day: 86_400 };
/** Late events come an hour to a day late. */
const lateSeconds = 23 * secondsPerHour;
const scheduleSeconds = 60;
/** Pending bytes from which on a shard is compacted at once. */
const pendingBytes = 1_000_000;

/** Items that share a name and window size. */
interface ItemKind {
  readonly part: TablePart;
  readonly size: WindowSize;
  readonly buckets: number;
  /** Different values in so many events. */
  readonly valuesIn: (events: number) => number;
  /** Of one item that has counted so many events, all buckets together. */
  readonly bytesWith: (events: number) => number;
}

const nothing: ShardHour = {
  batches: 0,
  compactions: 0,
  items: 0,
  writeUnits: { deltas: 0, ids: 0, minutes: 0, hours: 0, days: 0, visitors: 0 },
  readUnits: 0,
  storedBytes: { log: 0, minute: 0, hour: 0, day: 0 },
};

/**
 * What one shard costs in an hour of even traffic, where nothing fails. A delta a batch is charged by its size; a
 * compaction is charged for each item that the events since the last one touch, by the size that it has by then.
 */
export function shardHour(load: ShardLoad): ShardHour {
  if (load.recordsPerSecond === 0) return nothing;
  const { recordsPerSecond, eventsPerRecord, lateShare, deduplicationSeconds, uniqueVisitors } = load;
  const uniques = uniquesFor(uniqueVisitors);
  const recordsOfOne = recordsOfBatch(load);
  const batches = (recordsPerSecond * secondsPerHour) / recordsOfOne;
  const batchEvents = recordsOfOne * eventsPerRecord;
  const eventsPerSecond = recordsPerSecond * eventsPerRecord;

  const removes = deduplicationSeconds > 0;
  const plain =
    bytes.delta.keysAndAttributes + (removes ? bytes.delta.idsToken : 0) + countsBytes(batchEvents, load);
  const delta = plain + sketchesBytes(batchEvents * (1 + lateShare), load.pages, uniques);
  const ids = removes ? bytes.ids.keysAndAttributes + bytes.ids.id * batchEvents : 0;

  const interval = compactionInterval(load, batches, delta);
  const compactions = secondsPerHour / interval;
  const writeUnits = { ...nothing.writeUnits };
  writeUnits.deltas = batches * unitsOf(plain, kib);
  writeUnits.visitors = batches * (unitsOf(delta, kib) - unitsOf(plain, kib));
  writeUnits.ids = removes ? batches * unitsOf(ids, kib) : 0;
  const storedBytes = { ...nothing.storedBytes };
  storedBytes.log = batches * (delta + bytes.stored + (removes ? ids + bytes.stored : 0));
  // Every minute the compactor looks at the log, and reads what is new of it.
  let readUnits = secondsPerHour / scheduleSeconds + (batches * delta) / (4 * kib);
  let items = 0;
  // The shard's entry.
  writeUnits.deltas += compactions;

  const events = interval * eventsPerSecond;
  for (const kind of itemKinds(load.pages, uniques)) {
    const seconds = secondsOf[kind.size];
    const whole = eventsPerSecond * seconds;
    const inTime = touchedItems(kind, 1 + interval / seconds, events * (1 - lateShare));
    for (const [progress, share] of progressOf(kind.size, interval)) {
      charge(kind, inTime * share, kind.bytesWith(whole * progress));
    }
    if (lateShare > 0) {
      const windows = Math.max(1, lateSeconds / seconds);
      charge(kind, touchedItems(kind, windows, events * lateShare), kind.bytesWith(whole));
    }
    const made = touchedItems(kind, 1, whole) * (secondsPerHour / seconds);
    storedBytes[kind.size] += made * (kind.bytesWith(whole) + bytes.stored);
  }
  return { batches, compactions, items, writeUnits, readUnits, storedBytes };

  function charge({ part }: ItemKind, touched: number, size: number): void {
    items += compactions * touched;
    writeUnits[part] += compactions * touched * unitsOf(size, kib);
    readUnits += compactions * touched * unitsOf(size, 4 * kib);
  }
}

/** How far the windows are that compactions in time write to, and of how many of the writes. */
function progressOf(size: WindowSize, interval: number): (readonly [progress: number, share: number])[] {
  if (size !== 'minute') return [1 / 8, 3 / 8, 5 / 8, 7 / 8].map((progress) => [progress, 1 / 4]);
  // The minute under way is written once more when it is over.
  const unfinished = 1 / (1 + interval / secondsOf.minute);
  return [
    [1, 1 - unfinished],
    [1 / 2, unfinished],
  ];
}

/** Counts in the body of a delta. A late event has a window of its own in each dimension. */
function countsBytes(events: number, { pages, lateShare }: ShardLoad): number {
  const { body, fewValues, page } = bytes.delta;
  const late = events * lateShare;
  return (
    body +
    valuesIn(events, 25) * (fewValues / 25) +
    page * pagesIn(events, pages) +
    late * (5 + 10 * Math.exp(-late / 20))
  );
}

/** What a delta says of sketches: the less for each id, the more there are, since it holds their distances. */
function sketchesBytes(events: number, pages: number, uniques: readonly Unique[]): number {
  let sum = uniques.length > 0 ? bytes.delta.visitorsHead : 0;
  for (const { scope, id } of uniques) {
    if (scope === 'page') sum += 15 + pagesIn(events, pages) + 2.3 * 0.94 * visitsIn(events);
    else {
      const ids = id === 'visitorId' ? visitorsIn(events) : sessionsIn(events);
      sum += ids * Math.max(1.3, 4.75 - 0.5 * Math.log(ids));
    }
  }
  return sum;
}

/** Seconds between two compactions: a delta waits until it is old enough, for the schedule, and for the first event. */
function compactionInterval({ compactionSeconds }: ShardLoad, batches: number, delta: number): number {
  const batchSeconds = secondsPerHour / batches;
  const byAge = compactionSeconds + batchSeconds;
  const byBytes = (pendingBytes / delta) * batchSeconds;
  return Math.ceil(Math.min(byAge, byBytes) / scheduleSeconds) * scheduleSeconds;
}

function itemKinds(pages: number, uniques: readonly Unique[]): ItemKind[] {
  const { keysAndAttributes, page, somePages, fewValues } = bytes.item;
  const pageBytes = (ofBucket: number) => page * ofBucket + somePages * (1 - Math.exp(-ofBucket / 150));
  const sizes = [
    ['minutes', 'minute'],
    ['hours', 'hour'],
    ['days', 'day'],
  ] as const;
  const counters = sizes.flatMap(([part, size]): ItemKind[] => [
    {
      part,
      size,
      buckets: 1,
      valuesIn: (events) => valuesIn(events, 1),
      bytesWith: () => keysAndAttributes + fewValues,
    },
    {
      ...{ part, size, buckets: dimensionNamed('page').buckets },
      valuesIn: (events) => pagesIn(events, pages),
      bytesWith: (events) =>
        keysAndAttributes + pageBytes(pagesIn(events, pages) / dimensionNamed('page').buckets),
    },
    ...spreadDimensions.map(
      ({ share, values, buckets }): ItemKind => ({
        ...{ part, size, buckets },
        valuesIn: (events) => valuesIn(events * share, values),
        bytesWith: () => keysAndAttributes + fewValues,
      }),
    ),
  ]);
  const sketches = uniques.flatMap((unique) =>
    unique.windows.map((size): ItemKind => {
      const { buckets, scope, id } = unique;
      if (scope === 'total') {
        const ids = id === 'visitorId' ? visitorsIn : sessionsIn;
        const bytesWith = (events: number) => keysAndAttributes + sketchBytes(ids(events), 4_096);
        return { part: 'visitors', size, buckets, valuesIn: (events) => valuesIn(events, 1), bytesWith };
      }
      return {
        ...{ part: 'visitors', size, buckets },
        valuesIn: (events) => pagesIn(events, pages),
        bytesWith: (events) => keysAndAttributes + pageSketchBytes(events, pages) / buckets,
      };
    }),
  );
  return [...counters, ...sketches];
}

/** Pages beyond these share a sketch. */
const sketchedPages = 4_096;

function pageSketchBytes(events: number, pages: number): number {
  const ofPages = sumOverPages(pages, (share) => {
    const visitors = share * visitsIn(events);
    return (1 - Math.exp(-visitors)) * bytes.sketchName + sketchBytes(visitors, 1_024);
  });
  return ofPages * Math.min(1, sketchedPages / pagesIn(events, pages));
}

/** Sparse at first: register and rank of each that saw an id; then some four bits for each. */
function sketchBytes(ids: number, registers: number): number {
  const seen = valuesIn(ids, registers);
  const sparse = (seen * (Math.log2(registers) + 6)) / 8;
  return Math.min(sparse, registers * 0.47);
}

/** Items of so many windows that some events touch, spread evenly over the windows, and their values over the buckets. */
function touchedItems({ buckets, valuesIn: values }: ItemKind, windows: number, events: number): number {
  return windows * valuesIn(values(events / windows), buckets);
}

/** Whole units, on the mean of sizes that lie around one. */
function unitsOf(size: number, unit: number): number {
  const around = [0.92, 0.96, 1, 1.04, 1.08];
  return (
    around.reduce((sum, factor) => sum + Math.max(1, Math.ceil((size * factor) / unit)), 0) / around.length
  );
}
