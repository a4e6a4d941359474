import { type BackoffSettings, backoffMs, defaultBackoff } from './backoff';
import { maxRecordBytes, putRecordsLimits, takeBatch } from './batch';
import { type Clock, elapsedMs, systemClock } from './clock';
import { createOutcomes, type Entry, type Failure } from './outcomes';
import { type OutgoingEvent, sizeBytes } from './outgoing-event';
import { type EntryResult, type PutRecordsClient, putRecords } from './put-records';
import type { ProducerStats, Receipt } from './receipt';

export interface ProducerSettings {
  /** A request's data and keys, from 1 MiB to Kinesis's 10 MiB. @default 4 MiB, which base64 keeps below 6 MiB */
  readonly maxRequestBytes?: number;
  /** How long an event waits for others to share its request. @default 50 */
  readonly lingerMs?: number;
  /** Requests under way at once. @default 4 */
  readonly maxInFlight?: number;
  /** Attempts for one event, the first included, before it counts as failed. @default 10 */
  readonly maxAttempts?: number;
  /** Events without an outcome, at which `room` starts to wait. @default 5000 */
  readonly maxBufferedEvents?: number;
  /** Their bytes. @default 32 MiB */
  readonly maxBufferedBytes?: number;
  readonly backoff?: BackoffSettings;
}

export interface ProducerOptions extends ProducerSettings {
  /** A `KinesisClient`; the caller closes it. See `createKinesisClient` for one that suits. */
  readonly client: PutRecordsClient;
  readonly streamName: string;
  readonly clock?: Clock;
  /** From 0 to 1, for the jitter. @default Math.random */
  readonly random?: () => number;
}

export interface Producer {
  /** Hands over an event. Resolves to its outcome, and rejects only after `close`. */
  send(event: OutgoingEvent): Promise<Receipt>;
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

/**
 * Sends events with `PutRecords`, several in a request and several requests at once. Of a request's entries only those
 * that failed are sent again, after a jittered backoff; while any wait for that, fresh events are held back, so that a
 * throttled stream is not offered more than it refused.
 *
 * Promised: `accepted` is what Kinesis acknowledged, and every event gets exactly one receipt. Not promised: order,
 * for requests run side by side and what is sent again comes later; nor that an accepted event is in the stream once,
 * for after an unanswered request it is sent again (its `eventId` tells).
 */
export function createProducer(options: ProducerOptions): Producer {
  const { client, streamName, clock = systemClock, random = Math.random } = options;
  const { lingerMs = 50, maxInFlight = 4, maxAttempts = 10, backoff = defaultBackoff } = options;
  const { maxBufferedEvents = 5000, maxBufferedBytes = 32 * 1024 * 1024 } = options;
  const limits = { ...putRecordsLimits, maxBytes: checkedRequestBytes(options.maxRequestBytes) };

  const outcomes = createOutcomes(clock, { maxEvents: maxBufferedEvents, maxBytes: maxBufferedBytes });
  const fresh: Entry[] = [];
  const again: Entry[] = [];
  const stopped = new AbortController();
  let freshBytes = 0;
  let backingOff = 0;
  let inFlight = 0;
  let requests = 0;
  let flushes = 0;
  let lingering = false;
  let closed = false;
  let fault: Error | undefined;

  const refuse = (entries: readonly Entry[], error: Error) => {
    for (const entry of entries)
      outcomes.giveUp(entry, 'refused', { code: error.name, message: error.message });
  };

  const stop = (error: Error, batch: readonly Entry[]) => {
    fault ??= error;
    stopped.abort();
    freshBytes = 0;
    refuse([...batch, ...again.splice(0), ...fresh.splice(0)], error);
  };

  const repeat = async (failed: readonly Entry[], why: (index: number) => Failure) => {
    const left = failed.filter((entry, index) => {
      if (entry.attempts < maxAttempts) return true;
      outcomes.giveUp(entry, 'attempts', why(index));
      return false;
    });
    if (left.length === 0) return;
    backingOff += left.length;
    // One wait for all of a request's failures: with one each, they would come back as many small requests.
    const attempts = left.reduce((most, entry) => Math.max(most, entry.attempts), 1);
    await clock.sleep(backoffMs(attempts, random, backoff), stopped.signal);
    backingOff -= left.length;
    if (fault) refuse(left, fault);
    else again.push(...left);
    pump();
  };

  const answered = (batch: readonly Entry[], results: readonly EntryResult[], httpStatus: number) => {
    const failed: Entry[] = [];
    const reasons: Failure[] = [];
    results.forEach((result, index) => {
      const entry = batch[index]!;
      if (result.ok) {
        outcomes.accept(entry, {
          shardId: result.shardId,
          sequenceNumber: result.sequenceNumber,
          httpStatus,
        });
        return;
      }
      if (result.code === 'ProvisionedThroughputExceededException') outcomes.throttled();
      failed.push(entry);
      reasons.push(result);
    });
    if (failed.length > 0) void repeat(failed, (index) => reasons[index]!);
  };

  const request = async (batch: readonly Entry[]) => {
    requests++;
    for (const entry of batch) outcomes.sent(entry);
    const events = batch.map(({ event }) => event);
    const result = await putRecords(client, streamName, events);
    if (result.kind === 'answered') {
      answered(batch, result.entries, result.httpStatus);
      return;
    }
    const { kind, error } = result;
    // An address at which nobody has answered yet is a mistake in the settings, not an outage to wait out.
    if (kind === 'refused' || (kind === 'unreachable' && outcomes.stats(requests).accepted === 0)) {
      stop(error, batch);
      return;
    }
    if (kind === 'retry') batch.forEach(result.mayHaveArrived ? outcomes.unanswered : outcomes.throttled);
    void repeat(batch, () => ({ code: error.name, message: error.message }));
  };

  const dispatch = async (batch: readonly Entry[]) => {
    inFlight++;
    try {
      await request(batch);
    } catch (error) {
      // A defect. It must neither pass unnoticed nor leave events without a receipt.
      stop(error instanceof Error ? error : new Error(String(error)), batch);
    }
    inFlight--;
    pump();
  };

  const linger = async (ms: number) => {
    lingering = true;
    await clock.sleep(ms, stopped.signal);
    lingering = false;
    pump();
  };

  const freshIsRipe = () => {
    if (flushes > 0 || fresh.length >= limits.maxRecords || freshBytes >= limits.maxBytes) return true;
    const wait = fresh[0]!.since + lingerMs - elapsedMs(clock);
    if (wait > 0 && !lingering) void linger(wait);
    return wait <= 0;
  };

  const pump = () => {
    while (inFlight < maxInFlight) {
      if (again.length > 0) {
        void dispatch(takeBatch(again, limits));
        continue;
      }
      if (fresh.length === 0 || backingOff > 0 || !freshIsRipe()) return;
      const batch = takeBatch(fresh, limits);
      for (const entry of batch) freshBytes -= entry.bytes;
      void dispatch(batch);
    }
  };

  const flush = async () => {
    flushes++;
    pump();
    await outcomes.settled();
    flushes--;
  };

  const give = (event: OutgoingEvent, resolve: (receipt: Receipt) => void) => {
    const bytes = sizeBytes(event);
    const entry = { event, bytes, since: elapsedMs(clock), resolve, attempts: 0, mayHaveArrived: false };
    outcomes.add(entry);
    if (bytes > maxRecordBytes) {
      const message = `${bytes} bytes with its key; a record holds at most ${maxRecordBytes}`;
      outcomes.giveUp(entry, 'too_large', { code: 'RecordTooLarge', message });
    } else if (fault) {
      refuse([entry], fault);
    } else {
      fresh.push(entry);
      freshBytes += bytes;
      pump();
    }
  };

  return {
    async send(event) {
      if (closed) throw new Error('the producer is closed');
      return new Promise((resolve) => give(event, resolve));
    },
    room: () => outcomes.room(),
    flush,
    close() {
      closed = true;
      return flush();
    },
    stats: () => outcomes.stats(requests),
    fault: () => fault,
  };
}

function checkedRequestBytes(bytes = 4 * 1024 * 1024): number {
  if (bytes >= maxRecordBytes && bytes <= putRecordsLimits.maxBytes) return bytes;
  throw new RangeError(
    `maxRequestBytes is ${bytes}; allowed: ${maxRecordBytes} to ${putRecordsLimits.maxBytes}`,
  );
}
