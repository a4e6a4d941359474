import { type Clock, elapsedMs, systemClock } from '../../cli/clock';
import { type BackoffSettings, defaultBackoff } from './backoff';
import { maxRecordBytes, putRecordsLimits } from './batch';
import { createCollector } from './collector';
import { createOutcomes } from './outcomes';
import { type OutgoingEvent, sizeBytes } from './outgoing-event';
import { createPacker, defaultPacking, type Packing } from './packing/packer';
import type { PutRecordsClient } from './put-records';
import type { ProducerStats, Receipt } from './receipt';
import { createRetrier } from './retrier';
import { createEventQueue } from './shards/event-queue';
import { createLimiter, type ShardBudget, shardQuota } from './shards/limiter';
import { type ListShardsClient, listOpenShards } from './shards/list-shards';
import { createShardDirectory } from './shards/shard-directory';
import type { Entry } from './shards/shard-queue';

export interface ProducerSettings {
  /** How events share a Kinesis record. @default 'ndjson', which costs the least; 'none' is what any consumer reads */
  readonly packing?: Packing;
  /** The largest packed record, its key included: 1 KiB to 1 MiB. @default 25,000, a PUT payload unit */
  readonly packBytes?: number;
  /** What is offered to a shard at most. @default 1 MB and 1,000 records a second, Kinesis's quota */
  readonly shardBudget?: ShardBudget | 'unlimited';
  /** A request's data and keys, from 1 MiB to Kinesis's 10 MiB. @default 4 MiB, which base64 keeps below 6 MiB */
  readonly maxRequestBytes?: number;
  /** How long an event waits for others to share its record or request with. Longer fills records better. @default 50 */
  readonly lingerMs?: number;
  /** Requests under way at once. @default 4 */
  readonly maxInFlight?: number;
  /**
   * How long an event is tried for, from its first attempt on, before it counts as failed. While its shard takes other
   * records, throttling does not count: that is slow, and not broken. @default 300,000
   */
  readonly retryForMs?: number;
  /** Attempts for one event, the first included; 1 never leaves a copy in the stream. @default no limit */
  readonly maxAttempts?: number;
  /**
   * Events without an outcome, at which `room` starts to wait. Packed, four requests hold 25,000 of 400 bytes; unpacked,
   * 2,000, and what waits beyond what they need has left the processor's cache. @default 50,000, unpacked 10,000
   */
  readonly maxBufferedEvents?: number;
  /** Their bytes. @default 32 MiB */
  readonly maxBufferedBytes?: number;
  readonly backoff?: BackoffSettings;
}

/** The part of a `KinesisClient` that the producer uses. */
export interface ProducerClient {
  send: PutRecordsClient['send'] & ListShardsClient['send'];
}

export interface ProducerOptions extends ProducerSettings {
  /** A `KinesisClient`; the caller closes it. See `createKinesisClient` for one that suits. */
  readonly client: ProducerClient;
  readonly streamName: string;
  readonly clock?: Clock;
  /** From 0 to 1, for the jitter. @default Math.random */
  readonly random?: () => number;
  /** Told once if events are accepted, but the shards cannot be listed: see `createProducer` for what that costs. */
  readonly onShardsUnknown?: (why: Error) => void;
}

export interface Producer {
  /** Hands over an event. Resolves to its outcome, and rejects only after `close`. */
  send(event: OutgoingEvent): Promise<Receipt>;
  /**
   * As `send`, for who hands over so many events that a promise each shows: `settled` is called with the outcome, for an
   * event that cannot be sent at once. What it throws is an uncaught exception. Throws after `close`.
   */
  deliver<Event extends OutgoingEvent>(event: Event, settled: (receipt: Receipt, event: Event) => void): void;
  /** Whether there is room for another event: `room`, for who would rather not wait for nothing. */
  hasRoom(): boolean;
  /** Resolves when there is room for another event. Who awaits it before each `send` keeps memory bounded. */
  room(): Promise<void>;
  /** Sends what waits without lingering, and resolves when every event has its outcome. */
  flush(): Promise<void>;
  /** Flushes; afterwards `send` rejects. */
  close(): Promise<void>;
  stats(): ProducerStats;
  /** Why the producer stopped sending (no such stream, no permission, …), if it did. */
  fault(): Error | undefined;
}

/** Fewer bytes than these gain little from a larger request; a request of them leaves while the next is read. */
const worthBytes = 1024 * 1024;

/** Requests that are not full leave so far apart, if there are others under way: each takes as long as a hundred events. */
const unpackedSpacingMs = 5;

/**
 * Sends events to a stream, packed into records, several records in a request and several requests at once.
 *
 * ```ts
 * const client = createKinesisClient({ region: 'eu-central-1' });
 * const producer = createProducer({ client, streamName: 'clicks' });
 * for await (const click of clicks) {
 *   await producer.room();
 *   void producer.send(outgoingEvent(click)).then((receipt) => {
 *     if (!receipt.accepted) console.error(click.eventId, receipt.reason, receipt.message);
 *   });
 * }
 * await producer.close();
 * client.destroy();
 * ```
 *
 * Promised:
 * - `accepted` is what Kinesis acknowledged, and every event gets exactly one receipt.
 * - Events of one partition key are accepted in the order of their `send`, whatever fails: while a record
 *   with some of them is under way, the others wait. Different keys overtake each other.
 * - An event's own key belongs to the shard that its record was made for.
 *
 * Not promised:
 * - That an accepted event is in the stream once. After an unanswered request it is sent again, and the first
 *   copy may turn up later than the second, and than the key's next events (`eventId` tells copies apart).
 * - Order between shards: a record under way while its shard is split lands whole in one half, and a later
 *   event of the other half's keys may be read before it.
 *
 * Of a request's records only those that failed are sent again, after a jittered backoff; their shards get
 * nothing else meanwhile, and less for a while after they refused.
 *
 * Where the shards cannot be listed (no permission for `ListShards`) a record holds one key's events only, and
 * no shard's limit is known beforehand.
 *
 * Throws a `RangeError` for a setting out of its range.
 */
export function createProducer(options: ProducerOptions): Producer {
  const { client, streamName, clock = systemClock, random = Math.random, onShardsUnknown } = options;
  const { packing = defaultPacking, packBytes, shardBudget = shardQuota } = options;
  const { lingerMs = 50, maxInFlight = 4, backoff = defaultBackoff } = options;
  const { retryForMs = 300_000, maxAttempts = Number.POSITIVE_INFINITY } = options;
  const limits = { ...putRecordsLimits, maxBytes: checkedRequestBytes(options.maxRequestBytes) };
  const isPacking = packing !== 'none';
  const { maxBufferedEvents = isPacking ? 50_000 : 10_000, maxBufferedBytes = 32 * 1024 * 1024 } = options;
  const worth = {
    bytes: worthBytes,
    keys: isPacking ? Number.POSITIVE_INFINITY : limits.maxRecords,
  };
  // Packed, what waits a little longer fills records, and costs less; unpacked, it saves CPU time alone.
  const spacingMs = isPacking ? lingerMs : Math.min(lingerMs, unpackedSpacingMs);

  const outcomes = createOutcomes({ maxEvents: maxBufferedEvents, maxBytes: maxBufferedBytes });
  const queue = createEventQueue(createPacker(packing, packBytes), () =>
    shardBudget === 'unlimited' ? undefined : createLimiter(shardBudget, elapsedMs(clock)),
  );
  const directory = createShardDirectory({
    clock,
    list: () => listOpenShards(client, streamName),
    changed: (map) => queue.remap(map),
  });
  let isOpening = false;
  let isClosed = false;
  let saidShardsUnknown = false;

  const retrier = createRetrier(
    { streamName, packing, retryForMs, maxAttempts, backoff },
    {
      client,
      clock,
      random,
      outcomes,
      queue,
      directory,
      ready: (since) => collector.added(since),
      unmapped(why) {
        if (saidShardsUnknown) return;
        saidShardsUnknown = true;
        // On its own, so that what it throws is the caller's, and no defect of ours.
        queueMicrotask(() => onShardsUnknown?.(why));
      },
    },
  );
  const collector = createCollector(
    { limits, worth, lingerMs, spacingMs, maxInFlight },
    { clock, queue, send: retrier.send },
  );

  const give = (event: OutgoingEvent, settled: Entry['settled']) => {
    if (!isOpening) void directory.refresh().then(collector.open);
    isOpening = true;
    const entry: Entry = {
      event,
      bytes: sizeBytes(event),
      since: elapsedMs(clock),
      settled,
      attempts: 0,
      triedSince: undefined,
      mayHaveArrived: false,
      next: undefined,
      keyQueue: undefined,
    };
    const fault = retrier.fault();
    outcomes.add(entry);
    if (entry.bytes > maxRecordBytes) {
      const message = `${entry.bytes} bytes with its key; a record holds at most ${maxRecordBytes}`;
      outcomes.giveUp(entry, 'too_large', { code: 'RecordTooLarge', message });
    } else if (fault) {
      retrier.refuse(entry, fault);
    } else {
      queue.add(entry);
      collector.added(entry.since);
    }
  };

  const flush = () => collector.flush(outcomes.settled());

  return {
    send(event) {
      if (isClosed) return Promise.reject(closed());
      return new Promise((resolve) => give(event, resolve));
    },
    deliver(event, settled) {
      if (isClosed) throw closed();
      give(event, settled as Entry['settled']);
    },
    hasRoom: outcomes.hasRoom,
    room() {
      if (!outcomes.hasRoom()) collector.sendNow();
      return outcomes.room();
    },
    flush,
    async close() {
      isClosed = true;
      await flush();
      collector.close();
    },
    stats: outcomes.stats,
    fault: retrier.fault,
  };
}

function closed(): Error {
  return new Error('the producer is closed');
}

function checkedRequestBytes(bytes = 4 * 1024 * 1024): number {
  if (bytes >= maxRecordBytes && bytes <= putRecordsLimits.maxBytes) return bytes;
  throw new RangeError(
    `maxRequestBytes is ${bytes}; allowed: ${maxRecordBytes} to ${putRecordsLimits.maxBytes}`,
  );
}
