import type { AggregationSettings } from '../../contract/aggregation-settings';
import type { Span } from '../../domain/counters/delta';
import { type DeltaLimits, type EventCounts, type Folded, foldLines } from '../../domain/counters/fold';
import { correctionAfter, type Place } from '../../domain/counters/log-place';
import { windowStart } from '../../domain/counters/window';
import { linesOf, type PlacedLine } from '../../domain/event/shard-lines';
import { uniquesFor } from '../../domain/visitors/uniques';
import type { ShardBatch } from '../../lambda/aggregator/kinesis-event';
import { createAppender, ensureEntry, putDeltaWithIds } from '../../table/append';
import type { LogTable, ShardEntry } from '../../table/log-table';
import { LogReader, logAgeMs, repairMarginMs, type ShardLog } from '../shard-log';
import { LostIdsError, NearbyIds } from './nearby-ids';
import { type NextInShardPorts, whyNotNext } from './next-in-shard';

export interface RepairPorts extends NextInShardPorts {
  readonly table: LogTable;
  readonly settings: AggregationSettings;
  /** A text that nobody else makes. */
  readonly newToken: () => string;
  readonly limits?: DeltaLimits;
}

/** What a repair has counted of a batch; in a dry run, what it would count. */
export interface RepairedEvents {
  events: number;
  /** Of these, copies of events that were counted before. */
  duplicates: number;
  deltas: number;
  /** The hours in which they count, in epoch milliseconds. */
  readonly hours: Set<number>;
}

export type RepairedBatch = RepairedEvents &
  (
    | { readonly kind: 'counted' }
    /** The aggregator may still come to what stands before the batch: nothing was changed. */
    | { readonly kind: 'too early'; readonly reason: string }
    /** Something of the batch is not counted. */
    | { readonly kind: 'left'; readonly reason: string }
  );

const mostRounds = 1_000;

/** Counts what of a given-up batch the log lacks. It may be run again, and beside everything else. */
export async function repairBatch(
  batch: ShardBatch,
  dryRun: boolean,
  ports: RepairPorts,
): Promise<RepairedBatch> {
  const { table, now, settings, limits } = ports;
  const { deduplicationSeconds } = settings;
  const shardKey = batch.shard;
  const lines = [...linesOf(batch.records)];
  const arrivedFrom = lines.reduce((least, { arrivedAt }) => Math.min(least, arrivedAt), Infinity);
  const logs = new LogReader(table, deduplicationSeconds);
  const ids = deduplicationSeconds > 0 ? new NearbyIds(lines, deduplicationSeconds) : undefined;
  const done: RepairedEvents = { events: 0, duplicates: 0, deltas: 0, hours: new Set() };

  for (let round = 0; round < mostRounds; round++) {
    const readAt = now();
    const entry = await table.entry(shardKey);
    const log = await logs.read(shardKey, entry, arrivedFrom);
    const behind = lines.filter(({ position }) => position > log.tail);
    if (behind.length > 0) {
      const tail = { place: log.tail, arrivedAt: countedUntil(entry, log) };
      const reason = await whyNotNext(batch, tail, ports);
      if (reason !== undefined) return { kind: 'too early', reason, ...done };
      if (dryRun) return { kind: 'counted', ...done, events: behind.length };
      const unfinished = await appendLive(batch, done, ports);
      if (unfinished !== undefined) return { kind: 'left', reason: unfinished, ...done };
      continue;
    }
    const isReached = log.reach(readAt + repairMarginMs);
    const missing = lines.filter((line) => !log.isCovered(line));
    const gap = new Set(missing.filter(isReached));
    const end = ended(missing.filter((line) => !gap.has(line)));
    if (gap.size === 0) return { ...end, ...done };
    try {
      await ids?.learn(gap, log.deltas, shardKey, table);
    } catch (error) {
      if (!(error instanceof LostIdsError)) throw error;
      return { kind: 'left', reason: error.message, ...done };
    }
    const uniques = uniquesFor(settings.uniqueVisitors);
    const options = { ...settings, uniques, ...(limits ? { limits } : {}) };
    const folded = foldLines(gap, { ...options, isDuplicate: ids?.decide() });
    if (dryRun) {
      for (const one of folded) note(done, one);
      return { ...end, ...done };
    }
    // Readers leave out the log of a shard that is settled.
    await ensureEntry(table, shardKey, readAt);
    let predecessor = log.tail;
    for (const one of folded) {
      if (now() - readAt > logAgeMs) break;
      const { arrivedAt, content, events } = one;
      const [last, covers] = [correctionAfter(predecessor), spansOf(lines, gap, one)];
      const delta = { kind: 'repair', predecessor, last, covers, arrivedAt, content } as const;
      // Somebody else has appended: it is learned, and all is decided anew.
      if (!(await putDeltaWithIds(shardKey, delta, events, { ...ports, ...settings }))) break;
      predecessor = last;
      note(done, one);
    }
  }
  return { kind: 'left', reason: 'the log was written by others each time: run again', ...done };
}

/** The latest arrival of what is counted; undefined if nothing is. */
function countedUntil(entry: ShardEntry | undefined, { deltas }: ShardLog): number | undefined {
  return deltas.findLast(({ kind }) => kind === 'live')?.arrivedAt ?? entry?.countedUntil;
}

/** @param missing events that nobody has counted, and the log does not tell of for long enough */
function ended(
  missing: readonly PlacedLine[],
): { readonly kind: 'counted' } | { readonly kind: 'left'; readonly reason: string } {
  const [first] = missing;
  if (!first) return { kind: 'counted' };
  const [from, to] = [first.sequenceNumber, missing.at(-1)!.sequenceNumber];
  const reason =
    `${missing.length} events, of records ${from} to ${to}, are older than the log: ` +
    'recover rebuild of their hours, a day from now at the latest, counts them';
  return { kind: 'left', reason };
}

/** Events that the log has not come to are appended as the aggregator would; returns why some are not. */
async function appendLive(
  { shard, records }: ShardBatch,
  done: RepairedEvents,
  ports: RepairPorts,
): Promise<string | undefined> {
  const { settings, limits } = ports;
  const options = {
    ...settings,
    uniques: uniquesFor(settings.uniqueVisitors),
    ...(limits ? { limits } : {}),
  };
  const appended = await createAppender(ports, options).append(shard, records, new AbortController().signal);
  done.deltas += appended.deltas;
  addCounts(done, appended);
  if (appended.lowestUnfinished === undefined) return undefined;
  return `appending it failed from record ${appended.lowestUnfinished} on: ${appended.unfinishedBecause}`;
}

/** The events of a gap that a delta counts. A batch holds all that stands between its first record and its last. */
function spansOf(
  lines: readonly PlacedLine[],
  gap: ReadonlySet<PlacedLine>,
  { first, last }: Folded,
): readonly Span[] {
  const spans: { readonly first: Place; last: Place }[] = [];
  let open: { readonly first: Place; last: Place } | undefined;
  for (const line of lines) {
    const { position } = line;
    if (!gap.has(line) || position < first || position > last) open = undefined;
    else if (open) open.last = position;
    else {
      open = { first: position, last: position };
      spans.push(open);
    }
  }
  return spans;
}

function note(done: RepairedEvents, { counts, content }: Folded): void {
  done.deltas++;
  addCounts(done, counts);
  for (const { windows } of content.dimensions.values()) {
    for (const starts of windows.values()) {
      for (const start of starts.keys()) done.hours.add(windowStart('hour', start));
    }
  }
}

function addCounts(done: RepairedEvents, { lines, duplicates }: EventCounts): void {
  done.events += lines;
  done.duplicates += duplicates;
}
