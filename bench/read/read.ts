import { parseOptions } from '../../cli/arguments';
import { uniquesFor } from '../../domain/visitors/uniques';
import { compactAll } from '../../lambda/compactor/compact-all';
import { createAppender } from '../../table/append';
import { createCompactor } from '../../table/compact';
import { type LogTable, logTable } from '../../table/log-table';
import { everyQuery } from '../../table/queries';
import { createFollower, readView, type View } from '../../table/view';
import { markdownTable } from '../markdown-table';
import { begin, meteredRecords } from '../metered/metered-clicks';
import { createMeteredTable } from '../metered/metered-table';
import { never } from '../never';
import { commonOptions, mustBeRight, printResult } from '../report';
import { streamName } from '../sequence-numbers';
import { type Spread, spread, spreadText } from '../spread';

interface Result {
  readonly name: string;
  readonly shards: number;
  /** Both ways of reading see the same, and the total is the sum of the pages. */
  readonly right: boolean;
  readonly full: Reading;
  readonly followed: Reading;
}

/** Of one refresh. */
interface Reading {
  readonly readUnits: Spread;
  /** Milliseconds, the table's time not among them. */
  readonly ms: Spread;
}

const recordsPerSecond = 100;
const batchSeconds = 5;
const refreshSeconds = 5;
const compactionSeconds = 300;
const retentionDays = { minute: 35, hour: 400, day: 1_100 };
const logDays = 14;

/**
 * Measures what a dashboard takes of the table: an hour of every dimension and of the visitors, by minute and by hour, of a
 * stream of 100 records a second, refreshed every five seconds.
 *
 * @param args `--json`; `--short`: to see that it works, not what it comes to
 */
export async function benchmarkRead(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, commonOptions);
  const effort = values.short ? { shards: [2], minutes: 2 } : { shards: [1, 4, 16], minutes: 60 };
  const results: Result[] = [];
  for (const shards of effort.shards) results.push(await measure(shards, effort.minutes));
  printResult(values, { results }, () =>
    markdownTable(
      ['shards', 'read anew: units', 'ms', 'followed: units', 'ms', 'right'],
      results.map(({ shards, full, followed, right }) => [
        shards,
        spreadText(full.readUnits, 0),
        spreadText(full.ms, 0),
        spreadText(followed.readUnits, 0),
        spreadText(followed.ms, 1),
        right ? 'yes' : 'NO',
      ]),
    ),
  );
  mustBeRight(results);
}

async function measure(shards: number, minutes: number): Promise<Result> {
  const { calls } = createMeteredTable();
  let now = begin;
  let token = 0;
  const clock = () => now;
  const writing = {
    table: logTable(calls, 'aggregates'),
    now: clock,
    newToken: () => String(10_000_000 + token++),
  };
  const uniques = uniquesFor('total');
  const options = { deduplicationSeconds: 300, uniques, minutesForDays: 0, logDays };
  const appender = createAppender(writing, options);
  const compactor = createCompactor(writing, { retentionDays, compactionSeconds, logDays });
  const rate = recordsPerSecond / shards;
  const sources = Array.from({ length: shards }, () =>
    meteredRecords({ recordsPerSecond: rate, eventsPerRecord: 1, pages: 1_000, lateShare: 0 }),
  );

  const queries = everyQuery(['minute', 'hour'], { from: begin, to: begin + minutes * 60_000 }, uniques);
  const readers = { full: logTable(calls, 'aggregates'), followed: logTable(calls, 'aggregates') };
  const follower = createFollower(queries, { table: readers.followed, now: clock });
  const readings = { full: noReadings(), followed: noReadings() };
  let isRight = true;

  const steps = (minutes * 60) / batchSeconds;
  // The last minutes are looked at: the windows are full by then.
  const lookedAt = Math.min(steps, (2 * compactionSeconds) / refreshSeconds);
  for (let step = 1; step <= steps; step++) {
    now = begin + step * batchSeconds * 1_000;
    for (const [shard, source] of sources.entries()) {
      const records = Array.from({ length: Math.ceil(rate * batchSeconds) }, () => source.next().value);
      await appender.append(`${streamName}/shardId-${String(shard).padStart(12, '0')}`, records, never);
    }
    if ((step * batchSeconds) % 60 === 0) await compactAll(writing.table, compactor, false, never);
    if (step === steps - lookedAt) await follower.refresh();
    if (step <= steps - lookedAt) continue;
    const followed = await read(readers.followed, readings.followed, () => follower.refresh());
    // A full look is long, and always the same.
    if (step % 12 !== 0 && step !== steps) continue;
    const full = await read(readers.full, readings.full, () =>
      readView(queries, { table: readers.full, now: clock }),
    );
    isRight &&= areAlike(full, followed) && addsUp(full);
  }
  return {
    ...{ name: `${shards} shards`, shards, right: isRight },
    ...{ full: spreadOf(readings.full), followed: spreadOf(readings.followed) },
  };
}

interface Readings {
  readonly units: number[];
  readonly ms: number[];
}

function noReadings(): Readings {
  return { units: [], ms: [] };
}

async function read(table: LogTable, { units, ms }: Readings, refresh: () => Promise<View>): Promise<View> {
  const before = table.units.read;
  const startedAt = performance.now();
  const view = await refresh();
  ms.push(performance.now() - startedAt);
  units.push(table.units.read - before);
  return view;
}

function spreadOf({ units, ms }: Readings): Reading {
  return { readUnits: spread(units), ms: spread(ms) };
}

/** By dimension and minute, over all shards. */
function sumsOf({ items }: View): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { size, start, content } of items) {
    for (const [dimension, { values, other }] of content.counts) {
      const name = `${dimension} ${size} ${start}`;
      const counted = [...values.values()].reduce((sum, count) => sum + count, other);
      sums.set(name, (sums.get(name) ?? 0) + counted);
    }
  }
  return sums;
}

function areAlike(one: View, other: View): boolean {
  const [sums, others] = [sumsOf(one), sumsOf(other)];
  return sums.size === others.size && [...sums].every(([name, sum]) => others.get(name) === sum);
}

function addsUp(view: View): boolean {
  const sums = sumsOf(view);
  return [...sums].every(
    ([name, sum]) => !name.startsWith('total ') || sums.get(name.replace('total', 'page')) === sum,
  );
}
