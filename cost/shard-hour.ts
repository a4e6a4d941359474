import { dimensionNamed } from '../domain/counters/dimensions';
import { byWindowSize, type WindowSize, windowMs, windowSizes } from '../domain/counters/window';
import { type Unique, uniquesFor } from '../domain/visitors/uniques';
import type { Settings } from '../lib/settings';
import { spreadDimensions } from './spread-dimensions';
import { kib, mib, secondsPerHour } from './units';
import { pagesIn, sessionsIn, sumOverPages, valuesIn, visitorsIn, visitsIn } from './visits';

/** What the aggregator and the compactor are given, from one shard. */
export interface ShardLoad
  extends Pick<
    Settings,
    'batchSize' | 'batchingWindowSeconds' | 'compactionSeconds' | 'deduplicationSeconds' | 'uniqueVisitors'
  > {
  readonly recordsPerSecond: number;
  readonly eventsPerRecord: number;
  readonly recordBytes: number;
  readonly pages: number;
  readonly lateShare: number;
}

/** Parts of the table that are a line of the bill each. */
export type TablePart = 'deltas' | 'ids' | WindowSize | 'visitors';

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
 * Bytes of what the table holds, as measured of the real code (`test/cost/shard-hour.test.ts` holds the outcome against
 * it): keys and attributes, and what deflate leaves of values, counts and ids.
 */
const bytes = {
  delta: { keysAndAttributes: 334, idsToken: 16, body: 150, value: 2.8, page: 3.25, visitorsHead: 10 },
  ids: { keysAndAttributes: 198, id: 8 },
  item: { keysAndAttributes: 205, page: 3.3, somePages: 250, fewValues: 110 },
  sketchName: 22,
  /** What DynamoDB adds to each item where it charges for storage (AWS docs: DynamoDB item sizes). */
  stored: 100,
} as const;

/** Dimensions of a handful of values have about so many together. */
const fewValues = 25;

const secondsOf = byWindowSize((size) => windowMs[size] / 1_000);
/** Late events come an hour to a day late. */
const lateSeconds = 23 * secondsPerHour;
const scheduleSeconds = 60;
/** Pending bytes from which on a shard is compacted at once. */
const pendingBytes = 1_000_000;
/** Pages beyond these share a sketch. */
const sketchedPages = 4_096;

/** Lambda's limit of an event, in which a record is base64 with about so many bytes around it. */
const [invocationBytes, recordEnvelopeBytes] = [6 * mib, 546];
/** The mapping asks a shard for records once a second, so that no batch is gathered in less. */
const pollSeconds = 1;

/** Records of one batch, by whichever bound comes first. The batching window opens with the batch's first record. */
export function recordsOfBatch(load: ShardLoad): number {
  const { recordsPerSecond, recordBytes, batchSize, batchingWindowSeconds } = load;
  const inWindow = 1 + Math.floor(recordsPerSecond * Math.max(batchingWindowSeconds, pollSeconds));
  const inPayload = Math.floor(invocationBytes / (Math.ceil(recordBytes / 3) * 4 + recordEnvelopeBytes));
  return Math.max(1, Math.min(inWindow, batchSize, inPayload));
}

/**
 * What one shard costs in an hour of even traffic, where nothing fails. A delta a batch is charged by its size; a
 * compaction is charged for each item that the events since the last one touch, by the size that it has by then.
 */
export function shardHour(load: ShardLoad): ShardHour {
  const { recordsPerSecond, eventsPerRecord, pages, lateShare, deduplicationSeconds } = load;
  const writeUnits = { deltas: 0, ids: 0, ...byWindowSize(() => 0), visitors: 0 };
  const storedBytes = { log: 0, ...byWindowSize(() => 0) };
  if (recordsPerSecond === 0)
    return { batches: 0, compactions: 0, items: 0, writeUnits, readUnits: 0, storedBytes };
  const uniques = uniquesFor(load.uniqueVisitors);
  const batchRecords = recordsOfBatch(load);
  const batches = (recordsPerSecond * secondsPerHour) / batchRecords;
  const batchEvents = batchRecords * eventsPerRecord;
  const eventsPerSecond = recordsPerSecond * eventsPerRecord;

  const removes = deduplicationSeconds > 0;
  const counted =
    bytes.delta.keysAndAttributes + (removes ? bytes.delta.idsToken : 0) + countsBytes(batchEvents, load);
  const delta = counted + sketchesBytes(batchEvents * (1 + lateShare), pages, uniques);
  const ids = removes ? bytes.ids.keysAndAttributes + bytes.ids.id * batchEvents : 0;

  // A delta waits until it is old enough, for the schedule, and for the first event.
  const byAge = load.compactionSeconds + secondsPerHour / batches;
  const byBytes = (pendingBytes / delta) * (secondsPerHour / batches);
  const interval = Math.ceil(Math.min(byAge, byBytes) / scheduleSeconds) * scheduleSeconds;
  const compactions = secondsPerHour / interval;
  // And the shard's entry once a compaction.
  writeUnits.deltas = batches * unitsOf(counted, kib) + compactions;
  writeUnits.visitors = batches * (unitsOf(delta, kib) - unitsOf(counted, kib));
  writeUnits.ids = removes ? batches * unitsOf(ids, kib) : 0;
  storedBytes.log = batches * (delta + bytes.stored + (removes ? ids + bytes.stored : 0));
  // Every minute the compactor looks at the log, and reads what is new of it.
  let readUnits = secondsPerHour / scheduleSeconds + (batches * delta) / (4 * kib);
  let items = 0;

  const events = interval * eventsPerSecond;
  for (const group of groupsOf(pages, uniques)) {
    for (const size of group.sizes) {
      const seconds = secondsOf[size];
      const whole = eventsPerSecond * seconds;
      const inTime = touchedItems(group, 1 + interval / seconds, events * (1 - lateShare));
      const writes = progressOf(size, interval).map(([progress, share]) => [
        inTime * share,
        whole * progress,
      ]);
      if (lateShare > 0) {
        const windows = Math.max(1, lateSeconds / seconds);
        writes.push([touchedItems(group, windows, events * lateShare), whole]);
      }
      for (const [touched, counts] of writes as [number, number][]) {
        const itemBytes = group.bytesWith(counts);
        items += compactions * touched;
        writeUnits[group.part ?? size] += compactions * touched * unitsOf(itemBytes, kib);
        readUnits += compactions * touched * unitsOf(itemBytes, 4 * kib);
      }
      const made = touchedItems(group, 1, whole) * (secondsPerHour / seconds);
      storedBytes[size] += made * (group.bytesWith(whole) + bytes.stored);
    }
  }
  return { batches, compactions, items, writeUnits, readUnits, storedBytes };
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
  const { body, value, page } = bytes.delta;
  const late = events * lateShare;
  const ofLate = late * (5 + 10 * Math.exp(-late / 20));
  return body + value * valuesIn(events, fewValues) + page * pagesIn(events, pages) + ofLate;
}

/** What a delta says of sketches: the less for each id, the more there are, since it holds their distances. */
function sketchesBytes(events: number, pages: number, uniques: readonly Unique[]): number {
  let sum = uniques.length > 0 ? bytes.delta.visitorsHead : 0;
  for (const { scope, id } of uniques) {
    const ids = id === 'visitorId' ? visitorsIn(events) : sessionsIn(events);
    if (scope === 'page') sum += 15 + pagesIn(events, pages) + 2.3 * 0.94 * visitsIn(events);
    else sum += ids * Math.max(1.3, 4.75 - 0.5 * Math.log(ids));
  }
  return sum;
}

/** Items that share a name. */
interface Group {
  /** Where it is not the window's. */
  readonly part?: 'visitors';
  readonly sizes: readonly WindowSize[];
  readonly buckets: number;
  /** Different values in so many events. */
  readonly valuesIn: (events: number) => number;
  /** Of one item, when all buckets of its window have counted so many events. */
  readonly bytesWith: (events: number) => number;
}

function groupsOf(pages: number, uniques: readonly Unique[]): Group[] {
  const { keysAndAttributes, page, somePages, fewValues: few } = bytes.item;
  const sizes = windowSizes;
  const summary = { sizes, buckets: 1, valuesIn: isAny, bytesWith: () => keysAndAttributes + few };
  const { buckets } = dimensionNamed('page');
  const bytesOfPages = (ofBucket: number) => page * ofBucket + somePages * (1 - Math.exp(-ofBucket / 150));
  const ofPages: Group = {
    ...{ sizes, buckets, valuesIn: (events) => pagesIn(events, pages) },
    bytesWith: (events) => keysAndAttributes + bytesOfPages(pagesIn(events, pages) / buckets),
  };
  const ofFew = spreadDimensions.map(({ share, values, buckets }): Group => {
    const inEvents = (events: number) => valuesIn(events * share, values);
    return { ...summary, buckets, valuesIn: inEvents };
  });
  const sketches = uniques.map(({ windows, buckets, scope, id }): Group => {
    const ids = id === 'visitorId' ? visitorsIn : sessionsIn;
    return {
      ...{ part: 'visitors', sizes: windows, buckets },
      valuesIn: scope === 'total' ? isAny : (events) => pagesIn(events, pages),
      bytesWith: (events) =>
        keysAndAttributes +
        (scope === 'total' ? sketchBytes(ids(events), 4_096) : pageSketchBytes(events, pages) / buckets),
    };
  });
  return [summary, ofPages, ...ofFew, ...sketches];
}

function isAny(events: number): number {
  return valuesIn(events, 1);
}

function pageSketchBytes(events: number, pages: number): number {
  const ofPages = sumOverPages(pages, (share) => {
    const visitors = share * visitsIn(events);
    return (1 - Math.exp(-visitors)) * bytes.sketchName + sketchBytes(visitors, 1_024);
  });
  return ofPages * Math.min(1, sketchedPages / pagesIn(events, pages));
}

/** Sparse at first: register and rank of each that saw an id; then some four bits for each. */
function sketchBytes(ids: number, registers: number): number {
  const sparse = (valuesIn(ids, registers) * (Math.log2(registers) + 6)) / 8;
  return Math.min(sparse, registers * 0.47);
}

/** Items of so many windows that some events touch, spread evenly over the windows, and their values over the buckets. */
function touchedItems({ buckets, valuesIn: values }: Group, windows: number, events: number): number {
  return windows * valuesIn(values(events / windows), buckets);
}

/** Whole units, on the mean of sizes that lie around one. */
function unitsOf(size: number, unit: number): number {
  const around = [0.92, 0.96, 1, 1.04, 1.08].map((factor) => Math.max(1, Math.ceil((size * factor) / unit)));
  return around.reduce((sum, units) => sum + units, 0) / around.length;
}
