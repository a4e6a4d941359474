import type { Settings } from '../lib/settings';
import type { Packing } from '../producer/client/packing/packer';

/** What comes in. */
export interface Traffic {
  /** The month's mean. */
  readonly eventsPerSecond: number;
  /** What the stream has to take at its busiest; at least the mean. */
  readonly peakEventsPerSecond: number;
  /** JSON of one event. */
  readonly eventBytes: number;
  readonly packing: Packing;
  /** Pages that are visited, with the popularity falling as 1/rank. */
  readonly pages: number;
  /** Of the events, those that come an hour to a day late. */
  readonly lateShare: number;
  /** Applications that read the stream. They share what a shard gives. */
  readonly readers: number;
}

/** The traffic as the services see it. */
export interface Flow {
  readonly shards: number;
  /** Whole; a record that a producer fills holds as many. */
  readonly eventsPerRecord: number;
  /** Mean over all shards. */
  readonly recordsPerSecond: number;
  readonly recordBytes: number;
  readonly readers: number;
}

/** What one shard takes and gives (AWS docs: Kinesis quotas), keys included. MB as the smaller reading of it. */
export const shardQuota = { recordsPerSecond: 1_000, bytesIn: 1_000_000, bytesOut: 2_000_000 } as const;

/** A new stream on demand has four, and keeps room for twice its peak (AWS docs: Kinesis, on-demand mode). */
const leastOnDemandShards = 4;
const onDemandHeadroom = 2;

/** The producer's defaults: how long an event waits for others, and how large a record gets. */
const lingerSeconds = 0.05;
const packBytes = 25_000;

/** Of each record; a visitor's id. */
const partitionKeyBytes = 16;

/** Bytes around each event in a record, and around all of them (KPL: a key of 16 characters each, and the frame). */
const framing: Readonly<Record<Packing, { readonly event: number; readonly record: number }>> = {
  none: { event: 0, record: 0 },
  ndjson: { event: 1, record: -1 },
  kpl: { event: 26, record: 20 },
};

/** Shards and records of `traffic` in a stream with these settings. */
export function flowOf(traffic: Traffic, settings: Pick<Settings, 'streamMode' | 'shardCount'>): Flow {
  const needed = neededShards(traffic).shards;
  const shards =
    settings.streamMode === 'on-demand'
      ? Math.max(leastOnDemandShards, onDemandHeadroom * needed)
      : Math.max(settings.shardCount, needed);
  const eventsPerRecord = packedEvents(traffic, traffic.eventsPerSecond / shards);
  return {
    shards,
    eventsPerRecord,
    recordsPerSecond: traffic.eventsPerSecond / eventsPerRecord,
    recordBytes: recordBytes(traffic, eventsPerRecord),
    readers: traffic.readers,
  };
}

/** Why so many shards: the largest of three. */
export interface ShardNeed {
  readonly shards: number;
  /** Each as a number of shards, not rounded. */
  readonly byRecords: number;
  readonly byBytesIn: number;
  readonly byBytesOut: number;
}

/** Shards that the peak needs. */
export function neededShards(traffic: Traffic): ShardNeed {
  const { peakEventsPerSecond: peak } = traffic;
  // Fewer shards fill records better, so that the need of the fullest records is where to start.
  let shards = Math.max(1, Math.ceil((peak * traffic.eventBytes) / shardQuota.bytesIn));
  for (;;) {
    const perRecord = packedEvents(traffic, peak / shards);
    const bytes = (peak / perRecord) * (recordBytes(traffic, perRecord) + partitionKeyBytes);
    const byRecords = peak / perRecord / shardQuota.recordsPerSecond;
    const byBytesIn = bytes / shardQuota.bytesIn;
    const byBytesOut = (bytes * traffic.readers) / shardQuota.bytesOut;
    const need = Math.ceil(Math.max(byRecords, byBytesIn, byBytesOut));
    if (need <= shards) return { shards, byRecords, byBytesIn, byBytesOut };
    shards = need;
  }
}

/** Events that share a record where one producer process puts `eventsPerSecond` into a shard. */
function packedEvents({ eventBytes, packing }: Traffic, eventsPerSecond: number): number {
  if (packing === 'none') return 1;
  const { event, record } = framing[packing];
  const most = Math.floor((packBytes - record) / (eventBytes + event));
  return Math.max(1, Math.min(most, Math.floor(1 + eventsPerSecond * lingerSeconds)));
}

/** A record with one event is the plain event. */
function recordBytes({ eventBytes, packing }: Traffic, events: number): number {
  if (events === 1) return eventBytes;
  const { event, record } = framing[packing];
  return events * (eventBytes + event) + record;
}
