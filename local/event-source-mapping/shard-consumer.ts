import type { EventSourceMappingSpec } from '../deployment';
import { type DeliveryPorts, deliverBatch } from './batch-delivery';
import { pollIntervalMs } from './choices';
import { type EventRecord, type EventSource, eventRecord, fittingRecords } from './invocation-event';
import type { ShardCursor } from './shard-cursor';

/** The run of one shard through a mapping. */
export interface ShardConsumer {
  /** Resolves when the shard is closed and all of it is done with, or when the signal aborts. */
  readonly finished: Promise<void>;
  /** Arrival of the oldest record that was read and is not done with, in epoch milliseconds. */
  oldestPending(): number | undefined;
  /** From now on deliver what there is at once; resolves when a read that began after this call found nothing more. */
  drain(): Promise<void>;
}

export interface ShardConsumerPorts extends DeliveryPorts {
  readonly cursor: ShardCursor;
  readonly source: EventSource;
  /** Remembers how far the shard is done with. */
  readonly checkpoint: (sequenceNumber: string) => Promise<void>;
}

/**
 * Gathers the shard's records into batches and delivers them one after the other. A batch goes when it is full, as
 * records or as bytes, when its window is over, or when the shard has ended. The window starts with the batch's
 * first record: that is a choice, AWS does not say.
 */
export function startShardConsumer(
  shardId: string,
  spec: EventSourceMappingSpec,
  ports: ShardConsumerPorts,
): ShardConsumer {
  const { cursor, clock, signal } = ports;
  const windowMs = spec.maximumBatchingWindowSeconds * 1000;
  let waiting: EventRecord[] = [];
  let draining = false;
  let drainers: (() => void)[] = [];
  let nudge = new AbortController();
  let nextReadAt = clock.now();
  // One listener for all pauses: Node 20 keeps something of each `AbortSignal.any` as long as its sources live.
  const wake = (): void => nudge.abort();
  signal.addEventListener('abort', wake);

  const isDue = (windowEnd: number): boolean => {
    const isFull = waiting.length >= spec.batchSize || fittingRecords(waiting) < waiting.length;
    return isFull || (waiting.length > 0 && (draining || cursor.ended() || clock.now() >= windowEnd));
  };

  const readMore = async (): Promise<void> => {
    const askedBefore = drainers;
    drainers = [];
    const startedAt = clock.now();
    const limit = spec.batchSize - waiting.length;
    const records = await cursor.read(limit);
    // As many as were asked for: more may wait.
    nextReadAt = records.length < limit ? startedAt + pollIntervalMs : startedAt;
    waiting.push(...records.map((record) => eventRecord(record, shardId, ports.source)));
    if (waiting.length === 0 && !signal.aborted) for (const resolve of askedBefore) resolve();
    else drainers = [...askedBefore, ...drainers];
  };

  const isTimeToRead = (): boolean => drainers.length > 0 || clock.now() >= nextReadAt;

  const pause = async (windowEnd: number): Promise<void> => {
    nudge = new AbortController();
    const until = Math.max(Math.min(nextReadAt, windowEnd) - clock.now(), 0);
    await clock.sleep(until, nudge.signal);
  };

  /** Reads until a batch is due; false when none will come any more. */
  const gather = async (): Promise<boolean> => {
    let windowEnd = Number.POSITIVE_INFINITY;
    while (!signal.aborted) {
      if (waiting.length > 0) windowEnd = Math.min(windowEnd, clock.now() + windowMs);
      if (isDue(windowEnd)) return true;
      if (cursor.ended()) return false;
      if (isTimeToRead()) await readMore();
      else await pause(windowEnd);
    }
    return false;
  };

  const run = async (): Promise<void> => {
    while (await gather()) {
      const batch = waiting.slice(0, Math.min(spec.batchSize, fittingRecords(waiting)));
      await deliverBatch(shardId, batch, spec, ports, async (last) => {
        await ports.checkpoint(last.sequenceNumber);
        waiting = waiting.slice(waiting.indexOf(last) + 1);
      });
    }
  };

  const finished = run().finally(() => signal.removeEventListener('abort', wake));
  return {
    finished,
    oldestPending: () => waiting[0]?.arrivedAt,
    drain: () => {
      draining = true;
      const drained = new Promise<void>((resolve) => {
        drainers.push(resolve);
      });
      wake();
      // Whoever asks when the last record is done with already gets the answer as well.
      return Promise.race([drained, finished]);
    },
  };
}
