import { byWindowSize } from '../../domain/counters/window';
import type { ShardRecord } from '../../domain/event/shard-lines';
import { seededRandom } from '../../domain/numbers/random';
import { uniquesFor } from '../../domain/visitors/uniques';
import { compactAll } from '../../lambda/compactor/compact-all';
import { createClickGenerator } from '../../producer/traffic/click-generator';
import { defaultSite } from '../../producer/traffic/default-site';
import { createAppender } from '../../table/append';
import { createCompactor } from '../../table/compact';
import { logTable } from '../../table/log-table';
import { popularPages } from '../functions/clicks';
import { sequenceNumberOf } from '../functions/events';
import { type Charge, createMeteredTable, type Sort } from './metered-table';

/** What one shard gets, and how it is counted. */
export interface ShardLoad {
  readonly recordsPerSecond: number;
  /** 1, or how many stand in a record as newline-separated JSON. */
  readonly eventsPerRecord: number;
  /** Pages that are visited, the n-th as 1/n. */
  readonly pages: number;
  /** Of the events, those that come an hour to a day late. */
  readonly lateShare: number;
  /** Records of a batch. */
  readonly batchRecords: number;
  readonly compactionSeconds: number;
  readonly deduplicationSeconds: number;
  readonly uniqueVisitors: 'off' | 'total' | 'page';
}

/** What some time of one shard is charged. */
export interface Metered {
  readonly records: number;
  readonly charges: ReadonlyMap<Sort, Readonly<Charge>>;
}

const begin = Date.UTC(2026, 0, 1, 12);
const [minuteMs, hourMs] = [60_000, 3_600_000];
const latestMs = 24 * hourMs;
const retentionDays = byWindowSize(() => 400);
const logDays = 14;
/** As long as one that CloudFormation names. */
const shardKey = 'clickstream-prod-stream-ClickStream5F03EC02-a1B2c3D4e5F6/shardId-000000000000';
/** Nothing is ended by its signal. */
const never = new AbortController().signal;

/**
 * Runs the aggregator's appender and the compactor on a table that charges for them. Both begin with nothing; at the end
 * everything is compacted that is due.
 *
 * @param warmUpMinutes that go before, and are not charged
 */
export async function meterShard(load: ShardLoad, minutes: number, warmUpMinutes = 0): Promise<Metered> {
  const { batchRecords, recordsPerSecond, compactionSeconds, deduplicationSeconds, uniqueVisitors } = load;
  const metered = createMeteredTable();
  let now = begin;
  let token = 0;
  const table = logTable(metered.calls, 'aggregates');
  const ports = { table, now: () => now, newToken: () => String(10_000_000 + token++) };
  const uniques = uniquesFor(uniqueVisitors);
  const appender = createAppender(ports, { deduplicationSeconds, uniques, minutesForDays: 0, logDays });
  const compactor = createCompactor(ports, { retentionDays, compactionSeconds, logDays });
  const compact = async (at: number): Promise<void> => {
    now = at;
    const { failedByError, shardsWithGap } = await compactAll(table, compactor, false, never);
    if (failedByError.size > 0 || shardsWithGap.length > 0) throw new Error('the log was not compacted');
  };

  const measuredFrom = begin + warmUpMinutes * minuteMs;
  const end = measuredFrom + minutes * minuteMs;
  const batchMs = (batchRecords / recordsPerSecond) * 1_000;
  const coming = shardRecords(load);
  let nextCompaction = begin + minuteMs / 2;
  let batches = 0;
  for (let at = begin + batchMs; at <= end; at += batchMs) {
    for (; nextCompaction < at; nextCompaction += minuteMs) await compact(nextCompaction);
    if (at - batchMs < measuredFrom && at >= measuredFrom) {
      metered.reset();
      batches = 0;
    }
    now = at;
    const records = Array.from({ length: batchRecords }, () => coming.next().value);
    const { lowestUnfinished, unfinishedBecause } = await appender.append(shardKey, records, never);
    if (lowestUnfinished) throw new Error(`a batch is not done: ${unfinishedBecause}`);
    batches++;
  }
  await compact(end);
  return { records: batches * batchRecords, charges: metered.charges() };
}

/** In even distances from `begin` on; the site has many visitors at once. */
function* shardRecords(load: ShardLoad): Generator<ShardRecord, never> {
  const { recordsPerSecond, eventsPerRecord, pages, lateShare } = load;
  const random = seededRandom(`late of ${pages} pages`);
  const sessions = { ...defaultSite.sessions, atOnce: 200 };
  const site = { ...defaultSite, sessions, pages: popularPages(pages) };
  const clicks = createClickGenerator(seededRandom(`clicks of ${pages} pages`), site);
  for (let index = 0; ; index++) {
    const arrivedAt = Math.floor(begin + (index / recordsPerSecond) * 1_000);
    const lines = Array.from({ length: eventsPerRecord }, () => {
      const isLate = lateShare > 0 && random.chance(lateShare);
      const at = isLate ? arrivedAt - hourMs - random.below(latestMs - hourMs) : arrivedAt;
      return JSON.stringify(clicks.next(at));
    });
    yield { sequenceNumber: sequenceNumberOf(index), data: Buffer.from(lines.join('\n')), arrivedAt };
  }
}
