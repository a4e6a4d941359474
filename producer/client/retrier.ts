import { type Clock, elapsedMs } from '../../cli/clock';
import { type BackoffSettings, backoffMs } from './backoff';
import type { Failure, Outcomes } from './outcomes';
import type { Packing } from './packing/packer';
import { type EntryResult, type PutRecordsClient, putRecords } from './put-records';
import type { EventQueue } from './shards/event-queue';
import type { ShardDirectory } from './shards/shard-directory';
import type { Entry, OutgoingRecord } from './shards/shard-queue';
import { takeHead } from './shards/shard-queue';

export interface RetrierSettings {
  readonly streamName: string;
  readonly packing: Packing;
  readonly retryForMs: number;
  readonly maxAttempts: number;
  readonly backoff: BackoffSettings;
}

export interface RetrierPorts {
  readonly client: PutRecordsClient;
  readonly clock: Clock;
  readonly random: () => number;
  readonly outcomes: Outcomes;
  readonly queue: EventQueue;
  readonly directory: ShardDirectory;
  /** Events of the queue may leave that have been waiting `since` then. */
  ready(since: number): void;
  /** An event was accepted while there was no shard map, for this reason. */
  unmapped(why: Error): void;
}

/** Sends requests, and does with each event what the answer asks for. */
export interface Retrier {
  send(records: readonly OutgoingRecord[]): Promise<void>;
  /** Gives the event the receipt that nothing is sent any more, because of the fault. */
  refuse(entry: Entry, fault: Error): void;
  fault(): Error | undefined;
}

interface Refusal extends Failure {
  /** Nothing is wrong with the record: the shard takes no more at the moment. */
  readonly isThrottling: boolean;
}

const throughputExceeded = 'ProvisionedThroughputExceededException';

export function createRetrier(settings: RetrierSettings, ports: RetrierPorts): Retrier {
  const { streamName, packing, retryForMs, maxAttempts, backoff } = settings;
  const { client, clock, random, outcomes, queue, directory, ready, unmapped } = ports;
  let fault: Error | undefined;

  const refuse = (entry: Entry, { name, message }: Error) =>
    outcomes.giveUp(entry, 'refused', { code: name, message });

  /** That of its key, by the newest map. */
  const shardOf = ({ entries }: OutgoingRecord) => entries[0]!.keyQueue!.shard;

  const stop = (error: Error, records: readonly OutgoingRecord[]) => {
    fault ??= error;
    for (const { entries } of records) for (const entry of entries) refuse(entry, error);
    for (const entry of queue.drain()) refuse(entry, error);
  };

  /** Returns since when events wait that may leave now; undefined if there are none. */
  const accept = (
    record: OutgoingRecord,
    { shardId, sequenceNumber }: EntryResult & { readonly ok: true },
    httpStatus: number,
    now: number,
  ) => {
    const shard = shardOf(record);
    shard.failuresInARow = 0;
    shard.acceptedAt = now;
    shard.limiter?.accepted(now);
    for (const { keyQueue } of record.entries) keyQueue!.failingSince = undefined;
    outcomes.accept(record, { shardId, sequenceNumber, httpStatus }, now);
    return queue.release(record);
  };

  /**
   * Since when an event is being tried: since its first attempt, or since those of the events before it began to fail,
   * which it had to wait for. If each had a time of its own only from its own attempt on, a visitor's events would take
   * theirs one after the other. That the shard took something in between proves that the way is open.
   */
  const triedFrom = ({ since, triedSince, keyQueue }: Entry) => {
    const { failingSince, shard } = keyQueue!;
    const waitingSince = Math.max(since, failingSince ?? Number.POSITIVE_INFINITY, shard.acceptedAt);
    return Math.min(triedSince ?? Number.POSITIVE_INFINITY, waitingSince);
  };

  /** Gives up the events of its key that wait behind one, if their time is over as well. */
  const giveUpBehind = ({ keyQueue }: Entry, isOver: (entry: Entry) => boolean, failure: Failure) => {
    while (keyQueue!.head && isOver(keyQueue!.head))
      outcomes.giveUp(takeHead(keyQueue!), 'given_up', failure);
  };

  /** Back into the queue, or given up; returns whether some of it is to be sent again. */
  const fail = (record: OutgoingRecord, failure: Refusal, leftAt: number, now: number) => {
    // A shard that takes other records is slow, and its turn will come.
    const slowSince = failure.isThrottling ? shardOf(record).acceptedAt : Number.NEGATIVE_INFINITY;
    const isOver = (entry: Entry) => now - Math.max(triedFrom(entry), slowSince) >= retryForMs;
    const left: Entry[] = [];
    let isOutage = false;
    for (const entry of record.entries) {
      entry.triedSince ??= leftAt;
      entry.keyQueue!.failingSince ??= leftAt;
      if (fault) refuse(entry, fault);
      else if (isOver(entry)) {
        outcomes.giveUp(entry, 'given_up', failure);
        // Its only attempt: the ones before it failed for as long, so that it is not an event of theirs that is at fault.
        isOutage ||= entry.attempts === 1;
      } else if (entry.attempts >= maxAttempts) outcomes.giveUp(entry, 'given_up', failure);
      else left.push(entry);
    }
    if (isOutage) for (const entry of record.entries) giveUpBehind(entry, isOver, failure);
    queue.putBack(record, left);
    return left.length > 0;
  };

  /** One wait for all failures of a request: with one each, they would come back as many small requests. */
  const failAll = (records: readonly OutgoingRecord[], leftAt: number, why: (index: number) => Refusal) => {
    if (records.length === 0) return;
    const now = elapsedMs(clock);
    const again = records.filter((record, index) => fail(record, why(index), leftAt, now));
    const jitter = random();
    for (const shard of new Set(again.map(shardOf))) {
      // What comes back while it is held left before it was: that says nothing new.
      if (now >= shard.blockedUntil) shard.failuresInARow++;
      const until = now + backoffMs(Math.max(1, shard.failuresInARow), () => jitter, backoff);
      shard.blockedUntil = Math.max(shard.blockedUntil, until);
    }
    // They have waited long enough; the shard has not.
    ready(Number.NEGATIVE_INFINITY);
  };

  const throttled = (record: OutgoingRecord, message: string) => {
    const shard = shardOf(record);
    shard.limiter?.throttled(elapsedMs(clock));
    outcomes.throttled(record, shard.id ?? /shardId-\d{12}/.exec(message)?.[0] ?? 'unknown');
  };

  /** It came to another shard than it was made for, which by the map is still there. */
  const contradictsMap = ({ shardId }: OutgoingRecord, result: EntryResult) =>
    result.ok && result.shardId !== shardId && directory.has(shardId);

  /**
   * Whether an accepted aggregate has to be sent again: its shard was split while it was under way, and it holds events
   * of the other half. The readers of the format then drop it whole (KCL: AggregatorUtil).
   */
  const isMisplaced = ({ entries, shardId }: OutgoingRecord, result: EntryResult & { readonly ok: true }) =>
    packing === 'kpl' &&
    entries.length > 1 &&
    shardId !== undefined &&
    shardId !== result.shardId &&
    !directory.has(shardId) &&
    entries.some(({ event }) => queue.shardOf(event.partitionKey).id !== result.shardId);

  const answered = async (
    records: readonly OutgoingRecord[],
    results: readonly EntryResult[],
    httpStatus: number,
    leftAt: number,
  ) => {
    if (records.some((record, index) => contradictsMap(record, results[index]!))) {
      const refreshed = directory.refresh();
      if (packing === 'kpl') await refreshed;
    }
    const failed: OutgoingRecord[] = [];
    const reasons: Refusal[] = [];
    const now = elapsedMs(clock);
    let waiting = Number.POSITIVE_INFINITY;
    for (let index = 0; index < records.length; index++) {
      const record = records[index]!;
      const result = results[index]!;
      if (!result.ok) {
        const isThrottling = result.code === throughputExceeded;
        if (isThrottling) throttled(record, result.message);
        failed.push(record);
        reasons.push({ ...result, isThrottling });
      } else if (isMisplaced(record, result)) {
        outcomes.unanswered(record);
        failed.push(record);
        reasons.push({
          code: 'MisplacedAggregate',
          message: `${result.shardId} has not all of its keys`,
          isThrottling: false,
        });
      } else waiting = Math.min(accept(record, result, httpStatus, now) ?? waiting, waiting);
    }
    failAll(failed, leftAt, (index) => reasons[index]!);
    if (waiting < Number.POSITIVE_INFINITY) ready(waiting);
    const why = directory.error();
    if (!directory.map() && why && failed.length < records.length) unmapped(why);
  };

  const request = async (records: readonly OutgoingRecord[]) => {
    const leftAt = elapsedMs(clock);
    const result = await putRecords(client, streamName, records);
    if (result.kind === 'answered') {
      await answered(records, result.entries, result.httpStatus, leftAt);
      return;
    }
    const { kind, error } = result;
    // An address at which nobody has answered yet is a mistake in the settings, not an outage to wait out.
    if (kind === 'refused' || (kind === 'unreachable' && outcomes.stats().accepted === 0)) {
      stop(error, records);
      return;
    }
    if (kind === 'retry') {
      for (const record of records) {
        if (result.mayHaveArrived) outcomes.unanswered(record);
        else throttled(record, error.message);
      }
    }
    const isThrottling = kind === 'retry' && !result.mayHaveArrived;
    failAll(records, leftAt, () => ({ code: error.name, message: error.message, isThrottling }));
  };

  return {
    async send(records) {
      outcomes.sent(records);
      void directory.refreshIfOld();
      try {
        await request(records);
      } catch (error) {
        // A defect. It must neither pass unnoticed nor leave events without a receipt.
        stop(error instanceof Error ? error : new Error(String(error)), records);
      }
      outcomes.returned();
    },
    refuse,
    fault: () => fault,
  };
}
