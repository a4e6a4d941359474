import {
  type DeltaLimits,
  type DuplicateFilter,
  deltaLimits,
  type EventCounts,
  type Folded,
  foldLines,
  noEvents,
  type SeenEvent,
} from '../domain/counters/fold';
import { furtherOf, logBegin, type Place } from '../domain/counters/log-place';
import { sliceMs, slicesPerHorizon } from '../domain/duplicates/duplicate-filter';
import { HashIndex } from '../domain/duplicates/hash-index';
import { inSlicesOf, type SeenIds, seenIds } from '../domain/duplicates/ids-body';
import { linesOf, type ShardRecord } from '../domain/event/shard-lines';
import type { Unique } from '../domain/visitors/uniques';
import type { LogTable, NewDelta, ShardEntry, StoredDelta } from './log-table';

/**
 * Margins of time, each longer than the one before: an invocation (15 minutes), what a warm function knows, the renewal
 * of an entry, how long an entry is active, and how long deltas live. So a function that still writes by an old state of a
 * shard has ended before anybody relies on that state being over.
 */
export const logMargins = {
  knownMs: 3_600_000,
  renewalMs: 86_400_000,
  activeMs: 2 * 86_400_000,
} as const;

/** How many slices of ids before a batch must be known: the horizon, one for arrivals that run backwards, and one more. */
export const slicesKnown = slicesPerHorizon + 2;

/** How many slices of ids are kept in memory, so that a batch may begin a little before the last one ended. */
const slicesKept = slicesKnown + 2;

export interface AppendOptions {
  /** The horizon within which duplicates are removed; 0 removes none. */
  readonly deduplicationSeconds: number;
  readonly uniques: readonly Unique[];
  readonly minutesForDays: number;
  /** How long deltas live. */
  readonly logDays: number;
  readonly limits?: DeltaLimits;
  /** Memory for what the function knows of shards, in bytes. */
  readonly knownBytes?: number;
}

export interface AppendPorts {
  readonly table: LogTable;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Makes a unique text. */
  readonly newToken: () => string;
}

/** What became of a batch. Each event is in the counts of exactly one delivery: the one that appended it. */
export interface Appended extends EventCounts {
  readonly records: number;
  /** Records all of whose events had been counted before. */
  readonly recordsCountedBefore: number;
  readonly deltas: number;
  /** Appends that failed because the log had grown in the meantime. */
  readonly refused: number;
  /** The first record with an event that is not counted; the mapping continues from there. */
  readonly lowestUnfinished?: string;
  /** Why, by the kind of the error. */
  readonly unfinishedBecause?: string;
}

/** The part of a delta that its ids are found by. Bodies are left out: a horizon may have thousands of deltas. */
type NamedIds = Pick<StoredDelta, 'last' | 'idsToken'>;

/** What a warm function knows of a shard. */
interface KnownShard {
  tail: Place;
  readonly since: number;
  /** Undefined until they are needed. */
  ids: KnownIds | undefined;
}

/** Appends batches to the logs of shards. One object a function; it keeps what it has learned of each shard. */
export interface Appender {
  /**
   * Counts a batch of one shard: all of it, or, if the table fails or the signal aborts, its first deltas. Whatever was
   * counted before is left out, so a redelivery changes nothing.
   *
   * @param shardKey `stream/shardId`
   * @param records not empty, in the order of the shard
   */
  append(shardKey: string, records: readonly ShardRecord[], signal: AbortSignal): Promise<Appended>;
}

export function createAppender(ports: AppendPorts, options: AppendOptions): Appender {
  const { table, now } = ports;
  const { deduplicationSeconds, uniques, minutesForDays, logDays } = options;
  const { limits = deltaLimits, knownBytes = 64 * 1024 * 1024 } = options;
  const slice = sliceMs(deduplicationSeconds);
  const removes = deduplicationSeconds > 0;
  /** Least recently used first. */
  const known = new Map<string, KnownShard>();

  async function learn(shardKey: string, signal: AbortSignal): Promise<KnownShard> {
    const since = now();
    const entry = await ensureEntry(table, shardKey, since, signal);
    const tail = await tailOf(table, shardKey, entry?.compactedTo ?? logBegin, signal);
    return { tail, since, ids: undefined };
  }

  /** Reads the ids of counted events that may have copies in a batch whose first event arrived at this time. */
  async function learnIds(
    shardKey: string,
    shard: KnownShard,
    firstArrival: number,
    signal: AbortSignal,
  ): Promise<void> {
    if (!removes || shard.ids?.isEnoughFor(firstArrival)) return;
    const from = firstArrival - slicesKept * slice;
    const recent: NamedIds[] = [];
    for await (const { kind, last, arrivedAt, idsToken } of table.deltasBackwards(shardKey, signal)) {
      recent.push({ last, idsToken });
      if (kind === 'live' && arrivedAt < from) break;
    }
    const ids = new KnownIds(slice, from);
    for (const seen of await table.idsOf(shardKey, recent, signal)) ids.addStored(seen);
    shard.ids = ids;
    shard.tail = furtherOf(shard.tail, recent[0]?.last ?? shard.tail);
  }

  /** Learns what others have appended behind the tail. */
  async function relearn(shardKey: string, shard: KnownShard, signal: AbortSignal): Promise<void> {
    const deltas: NamedIds[] = [];
    for await (const { last, idsToken } of table.deltas(shardKey, shard.tail, signal)) {
      deltas.push({ last, idsToken });
    }
    for (const seen of await table.idsOf(shardKey, deltas, signal)) shard.ids?.addStored(seen);
    shard.tail = furtherOf(shard.tail, deltas.at(-1)?.last ?? shard.tail);
  }

  function recall(shardKey: string): KnownShard | undefined {
    const shard = known.get(shardKey);
    return shard && now() - shard.since <= logMargins.knownMs ? shard : undefined;
  }

  function remember(shardKey: string, shard: KnownShard): void {
    known.delete(shardKey);
    known.set(shardKey, shard);
    let bytes = 0;
    for (const { ids } of known.values()) bytes += ids?.bytes ?? 0;
    for (const [oldest, { ids }] of known) {
      if (bytes <= knownBytes || oldest === shardKey) break;
      known.delete(oldest);
      bytes -= ids?.bytes ?? 0;
    }
  }

  function put(
    shardKey: string,
    predecessor: Place,
    { first, last, arrivedAt, content, events }: Folded,
    signal: AbortSignal,
  ): Promise<boolean> {
    const delta = { kind: 'live', predecessor, last, covers: [{ first, last }], arrivedAt, content } as const;
    return putDeltaWithIds(shardKey, delta, events, { ...ports, deduplicationSeconds, logDays }, signal);
  }

  return {
    async append(shardKey, records, signal) {
      if (records.length === 0) throw new RangeError('batch without records');
      const tally = new Tally(records);
      let shard = recall(shardKey);
      try {
        shard ??= await learn(shardKey, signal);
        remember(shardKey, shard);
        for (;;) {
          tally.begin(shard.tail);
          const rest = restBehind(records, shard.tail);
          if (rest.length === 0) return tally.result();
          await learnIds(shardKey, shard, earliestOf(rest), signal);
          const isRefused = await appendBehind(shardKey, shard, rest, tally, signal);
          if (!isRefused) return tally.result();
          // Somebody else has appended, or we have and the answer was lost. Either way, read what the log has now.
          tally.refused++;
          await relearn(shardKey, shard, signal);
        }
      } catch (error) {
        return tally.unfinished(nameOf(error), shard?.tail);
      }
    },
  };

  async function appendBehind(
    shardKey: string,
    shard: KnownShard,
    records: readonly ShardRecord[],
    tally: Tally,
    signal: AbortSignal,
  ): Promise<boolean> {
    const isDuplicate = shard.ids?.decide();
    for (const folded of foldLines(linesOf(records, shard.tail), {
      minutesForDays,
      isDuplicate,
      uniques,
      limits,
    })) {
      signal.throwIfAborted();
      if (!(await put(shardKey, shard.tail, folded, signal))) return true;
      shard.tail = folded.last;
      shard.ids?.addEvents(folded.events);
      tally.add(folded);
    }
    return false;
  }
}

/**
 * Reads the entry of a shard, puts it if there is none, and keeps it active. It is put before the first delta, since
 * readers find shards by their entries.
 */
export async function ensureEntry(
  table: LogTable,
  shardKey: string,
  now: number,
  signal?: AbortSignal,
): Promise<ShardEntry | undefined> {
  let entry = await table.entry(shardKey, signal);
  if (!entry) {
    await table.createEntry(shardKey, now + logMargins.activeMs, signal);
    entry = await table.entry(shardKey, signal);
  }
  if (!entry || entry.activeUntil < now + logMargins.renewalMs) {
    await table.renewEntry(shardKey, now + logMargins.activeMs, signal);
  }
  return entry;
}

export interface PutDeltaPorts extends AppendPorts {
  /** 0 keeps no ids. */
  readonly deduplicationSeconds: number;
  readonly logDays: number;
}

/**
 * Puts the ids of a delta and then the delta; returns whether its key was free.
 *
 * @param events of which the ids are kept
 */
export async function putDeltaWithIds(
  shardKey: string,
  delta: Omit<NewDelta, 'expiresAt'>,
  events: readonly SeenEvent[],
  { table, now, newToken, deduplicationSeconds, logDays }: PutDeltaPorts,
  signal?: AbortSignal,
): Promise<boolean> {
  const expiresAt = Math.floor(now() / 1000) + logDays * 86_400;
  const idsToken = deduplicationSeconds > 0 && events.length > 0 ? newToken() : undefined;
  if (idsToken !== undefined) {
    const ids = seenIds(events, sliceMs(deduplicationSeconds));
    await table.putIds(shardKey, { ...ids, last: delta.last, token: idsToken, expiresAt }, signal);
  }
  return table.putDelta(shardKey, { ...delta, idsToken, expiresAt }, signal);
}

/** The tail of a log: the further of where it is compacted to and its last delta, which may have expired. */
export async function tailOf(
  table: LogTable,
  shardKey: string,
  compactedTo: Place,
  signal?: AbortSignal,
): Promise<Place> {
  for await (const { last } of table.deltasBackwards(shardKey, signal)) return furtherOf(compactedTo, last);
  return compactedTo;
}

/** The ids of the events at or before the tail, as far back as copies of what comes next may lie. */
class KnownIds {
  private readonly index = new HashIndex();

  /** @param from every event that arrived at this time or later, and stands at or before the tail, is known */
  constructor(
    private readonly slice: number,
    private from: number,
  ) {}

  get bytes(): number {
    return this.index.bytes;
  }

  /** Whether it can decide about events of which the first arrived then; a mapping that was set back asks further. */
  isEnoughFor(firstArrival: number): boolean {
    return firstArrival - slicesKnown * this.slice >= this.from;
  }

  /** Forgets nothing for them: of another horizon's slices the time is known roughly, and may lie ahead. */
  addStored(seen: SeenIds): void {
    for (const [at, hashes] of inSlicesOf(seen, this.slice).bySlice) {
      for (const hash of hashes) this.index.add(hash, at);
    }
  }

  addEvents(events: readonly SeenEvent[]): void {
    for (const { hash, arrivedAt } of events) {
      const at = Math.floor(arrivedAt / this.slice);
      const oldest = at - slicesKept;
      if (oldest * this.slice > this.from) {
        this.from = oldest * this.slice;
        this.index.forgetBefore(oldest);
      }
      this.index.add(hash, at);
    }
  }

  /**
   * Decides about the events of a batch by what stands before it, and by the batch itself, which is not known yet: if an
   * append is refused, all that is behind the tail is decided anew.
   */
  decide(): DuplicateFilter {
    const own = new HashIndex();
    return ({ hash, arrivedAt }) => {
      const at = Math.floor(arrivedAt / this.slice);
      const isNear = (index: HashIndex): boolean => {
        const latest = index.latest(hash);
        return latest !== undefined && Math.abs(at - latest) <= slicesPerHorizon;
      };
      const isDuplicate = isNear(this.index) || isNear(own);
      own.add(hash, at);
      return isDuplicate;
    };
  }
}

function earliestOf(records: readonly ShardRecord[]): number {
  return records.reduce((least, { arrivedAt }) => Math.min(least, arrivedAt), Number.POSITIVE_INFINITY);
}

/** Adds up what a delivery has appended. */
class Tally {
  refused = 0;
  private deltas = 0;
  private readonly counts = noEvents();
  private tailBefore: Place | undefined;

  constructor(private readonly records: readonly ShardRecord[]) {}

  /** @param tail behind which the next deltas stand */
  begin(tail: Place): void {
    this.tailBefore ??= tail;
  }

  add({ counts }: Folded): void {
    this.deltas++;
    this.counts.lines += counts.lines;
    this.counts.valid += counts.valid;
    this.counts.duplicates += counts.duplicates;
    this.counts.late += counts.late;
    for (const [reason, lines] of counts.invalidByReason) {
      const { invalidByReason } = this.counts;
      invalidByReason.set(reason, (invalidByReason.get(reason) ?? 0) + lines);
    }
  }

  result(): Appended {
    const { records, tailBefore = logBegin, refused, deltas, counts } = this;
    const recordsCountedBefore = records.length - restBehind(records, tailBefore).length;
    return { ...counts, records: records.length, recordsCountedBefore, deltas, refused };
  }

  /** @param tail undefined if it is not known: then nothing of the batch is known to be counted */
  unfinished(unfinishedBecause: string, tail: Place | undefined): Appended {
    const rest = tail === undefined ? this.records : restBehind(this.records, tail);
    const lowestUnfinished = rest[0]?.sequenceNumber;
    const result = this.result();
    return lowestUnfinished === undefined ? result : { ...result, lowestUnfinished, unfinishedBecause };
  }
}

/** The records from the first on that has an event behind a place. */
function restBehind(records: readonly ShardRecord[], tail: Place): readonly ShardRecord[] {
  const [line] = linesOf(records, tail);
  return line ? records.slice(records.findIndex((r) => r.sequenceNumber === line.sequenceNumber)) : [];
}

/** The kind of an error. Its message stays out of logs and metrics: it may quote what was to be written. */
function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : typeof error;
}
