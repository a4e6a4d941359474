import type { Clock } from '../clock';
import type { ReadResult, StreamReader } from '../stream-reader';
import { archivedEvents } from './archived-events';
import { delayAfter } from './backoff';
import { createServedTickets, type DrainRequest } from './drain';
import type { OnDeliveryEvent } from './events';
import type { Held } from './held';
import { createLedger, type Span } from './ledger';
import type { Processor } from './processor';
import { type Batch, createProcessorBuffer, sizeOf } from './processor-buffer';
import type { Progress } from './progress';
import type { DeliverySettings } from './settings';
import type { Transformed } from './transformer';

export interface ShardWorker {
  /** Wakes the worker, for a drain request or the end. */
  poke(): void;
  /** Resolves when all that the shard held at that request has gone through the transformer, or the worker ended. */
  served(ticket: number): Promise<void>;
  /** Arrival time of the oldest record that was read and is not done. */
  oldestArrival(): number | undefined;
  /** When what waits for the transformer is given to it; infinite if nothing waits. */
  transformsAt(): number;
  /** Resolves when the shard is read to its end, or the worker was stopped; rejects on a defect. */
  readonly done: Promise<void>;
}

export interface ShardContext {
  readonly reader: StreamReader;
  readonly clock: Clock;
  readonly settings: DeliverySettings;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly held: Held;
  readonly processor: Processor;
  /** Hands a transformed batch over to the S3 buffers, which hold the span as long as they need. */
  readonly deliver: (transformed: Transformed, span: Span) => void;
  readonly drainRequest: () => DrainRequest;
  /** Asks the S3 buffers to store what they have, when a drain cannot go on because too much is held. */
  readonly relieve: () => void;
  readonly onEvent: OnDeliveryEvent;
}

const MIB = 1024 * 1024;
// The reader stops at 10 MB, its allowance for keys and the like included: an answer this full may have been cut.
const FULL_ANSWER_BYTES = 7 * MIB;

/** Reads one shard to its end and keeps its order: one invocation at a time, and none while another waits. */
export function startShardWorker(shardId: string, context: ShardContext): ShardWorker {
  const { reader, clock, settings, signal, progress, held, processor, drainRequest, onEvent } = context;
  const buffer = createProcessorBuffer(shardId, processor);
  const ledger = createLedger();
  const tickets = createServedTickets();
  let position = progress.positionOf(shardId);
  let iterator: string | undefined;
  let ended = false;
  let nextReadAt = clock.now();
  let failedReads = 0;
  let wake = new AbortController();
  /** Events archived of an aggregate that has not ended yet. */
  let ofOpenAggregate = 0;

  const isDone = () => signal.aborted || (ended && buffer.dueAt() === Number.POSITIVE_INFINITY);

  const read = async (): Promise<ReadResult | undefined> => {
    try {
      iterator ??= await reader.getIterator(shardId, position);
      return await reader.read(iterator, settings.readLimit);
    } catch (error) {
      // Whatever went wrong, a new iterator from the position loses nothing, and an expired one needs just that.
      iterator = undefined;
      failedReads += 1;
      const expired = error instanceof Error && error.name === 'ExpiredIteratorException';
      const wait = expired && failedReads === 1 ? 0 : delayAfter(failedReads, settings.readRetry);
      nextReadAt = clock.now() + wait;
      if (!expired) onEvent({ kind: 'stream-call-failed', attempt: failedReads, error });
      return undefined;
    }
  };

  /** True when nothing that arrived up to `instant` is left unread. */
  const readPast = async (instant: number): Promise<boolean> => {
    const startedAt = clock.now();
    const result = await read();
    if (!result) return false;
    failedReads = 0;
    iterator = result.nextIterator;
    ended = iterator === undefined;
    const { records } = result;
    const added = buffer.add(records, clock.now());
    held.add(added.records, added.bytes);
    const isFull = records.length >= settings.readLimit || sizeOf(records) >= FULL_ANSWER_BYTES;
    nextReadAt = isFull ? startedAt : startedAt + settings.pollIntervalMs;
    const last = records.at(-1);
    // The stream on this machine does not say how far its newest record is.
    const millisBehindLatest = isFull && last ? Math.max(clock.now() - last.arrivedAt, 0) : 0;
    onEvent({ kind: 'read', millisBehindLatest });
    if (last) position = { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: last.sequenceNumber };
    return ended || !last || last.arrivedAt > instant;
  };

  const readIfDue = async ({ requestedAt }: DrainRequest, urgent: boolean): Promise<boolean> => {
    if (ended) return true;
    if (held.isFull()) {
      if (urgent) context.relieve();
      nextReadAt = Math.max(nextReadAt, clock.now() + settings.pollIntervalMs);
      return false;
    }
    const isDue = clock.now() >= nextReadAt || (urgent && failedReads === 0);
    return isDue && (await readPast(requestedAt));
  };

  const process = async ({ records, bytes, oldestArrival, endedSequenceNumber }: Batch) => {
    let events = { ended: 0, open: 0 };
    const span = ledger.open(() => {
      if (endedSequenceNumber === undefined) {
        ofOpenAggregate += events.open;
        return;
      }
      progress.advance(shardId, endedSequenceNumber, ofOpenAggregate + events.ended);
      ofOpenAggregate = events.open;
    }, oldestArrival);
    const transformed = await processor.transform(records);
    if (!transformed) return;
    events = archivedEvents(transformed.outcomes);
    held.remove(records.length, bytes);
    context.deliver(transformed, span);
    span.release();
  };

  const processDue = async (urgent: boolean) => {
    while (!signal.aborted && (urgent || clock.now() >= buffer.dueAt())) {
      const batch = buffer.take();
      if (!batch) return;
      await process(batch);
    }
  };

  const sleepUntil = async (instant: number) => {
    wake = new AbortController();
    await clock.sleep(instant - clock.now(), wake.signal);
  };

  const run = async () => {
    while (!isDone()) {
      const request = drainRequest();
      const urgent = request.ticket > tickets.latest();
      const isCaughtUp = await readIfDue(request, urgent);
      await processDue(urgent);
      if (urgent && isCaughtUp) tickets.serve(request.ticket);
      else if (urgent && failedReads === 0 && !held.isFull()) continue;
      // A request made meanwhile found nobody asleep to wake.
      const isOvertaken = drainRequest().ticket > request.ticket;
      if (isDone() || isOvertaken) continue;
      await sleepUntil(ended ? buffer.dueAt() : Math.min(nextReadAt, buffer.dueAt()));
    }
    if (signal.aborted) return;
    ledger.open(() => progress.finish(shardId)).release();
    onEvent({ kind: 'shard-finished', shardId });
  };

  return {
    poke: () => wake.abort(),
    served: tickets.served,
    oldestArrival: () => {
      const arrivals = [ledger.oldestArrival(), buffer.oldestArrival()].filter(
        (arrival) => arrival !== undefined,
      );
      return arrivals.length > 0 ? Math.min(...arrivals) : undefined;
    },
    transformsAt: buffer.dueAt,
    done: run().finally(() => tickets.serve(Number.POSITIVE_INFINITY)),
  };
}
