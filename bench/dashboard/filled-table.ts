import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { RetentionDays } from '../../domain/counters/retention';
import { TableAttributes } from '../../domain/counters/table-layout';
import { byWindowSize } from '../../domain/counters/window';
import type { ShardRecord } from '../../domain/event/shard-lines';
import { seededRandom } from '../../domain/numbers/random';
import { uniquesFor } from '../../domain/visitors/uniques';
import { compactAll } from '../../lambda/compactor/compact-all';
import { provisionTable } from '../../local/provision';
import { createClickGenerator } from '../../producer/traffic/click-generator';
import { defaultSite } from '../../producer/traffic/default-site';
import { createAppender } from '../../table/append';
import { createCompactor } from '../../table/compact';
import { dynamoLogTable } from '../../table/log-table';
import { popularPages } from '../functions/clicks';
import { sequenceNumberOf } from '../functions/events';

export interface Filling {
  readonly days: number;
  readonly clicksPerHour: number;
  readonly pages: number;
}

export interface FilledTable {
  readonly tableName: string;
  readonly retentionDays: RetentionDays;
  /** The end of the last hour that has clicks. */
  readonly end: number;
  /** Clicks from an instant on. */
  clicksSince(from: number): number;
  /** Counts a few clicks more, from the end on. */
  countMore(): Promise<void>;
}

const hourMs = 3_600_000;
const shardKey = 'clicks/shardId-000000000000';
/** Nothing is ended by its signal. */
const never = new AbortController().signal;
const retentionDays = byWindowSize(() => 1_100);
const tableName = 'bench-aggregates';

/** A table on which as many clicks an hour were counted, and compacted but for the last hour. */
export async function fillTable(
  client: DynamoDBClient,
  { days, clicksPerHour, pages }: Filling,
): Promise<FilledTable> {
  const { partitionKey, sortKey } = TableAttributes;
  await provisionTable(client, { name: tableName, partitionKey, sortKey });
  const table = dynamoLogTable(client, tableName);
  const end = Date.UTC(2026, 0, 31, 12);
  const begin = end - days * 24 * hourMs;
  const now = (): number => end;
  let tokens = 0;
  const appender = createAppender(
    { table, now, newToken: () => String(10_000_000 + tokens++) },
    // Minutes of the last two days alone: those of thirty take an hour to write, and the page asks for few.
    { deduplicationSeconds: 0, uniques: uniquesFor('total'), minutesForDays: 2, logDays: 14 },
  );
  const compactor = createCompactor({ table, now }, { retentionDays, compactionSeconds: 0, logDays: 14 });
  const clicks = createClickGenerator(seededRandom('dashboard'), {
    ...defaultSite,
    sessions: { ...defaultSite.sessions, atOnce: 50 },
    pages: popularPages(pages),
  });
  const times: number[] = [];
  const count = async (from: number, number: number): Promise<void> => {
    const records = Array.from({ length: number }, (_, index): ShardRecord => {
      const at = from + Math.floor((index / number) * hourMs);
      const click = { ...clicks.next(at), timestamp: new Date(at).toISOString() };
      times.push(at);
      return {
        sequenceNumber: sequenceNumberOf(times.length),
        data: Buffer.from(JSON.stringify(click)),
        arrivedAt: end,
      };
    });
    await appender.append(shardKey, records, never);
  };
  for (let hour = begin; hour < end; hour += hourMs) {
    await count(hour, clicksPerHour);
    if (hour + 2 * hourMs === end) await compactAll(table, compactor, true, never);
  }
  return {
    ...{ tableName, retentionDays, end },
    clicksSince: (from) => times.filter((at) => at >= from && at < end).length,
    countMore: () => count(end, 20),
  };
}
