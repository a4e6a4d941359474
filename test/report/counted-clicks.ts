import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { WindowSize } from '../../domain/counters/window';
import type { ClickEvent } from '../../domain/event/click-event';
import type { UniqueScope } from '../../domain/visitors/uniques';
import { dynamoLogTable } from '../../table/log-table';
import type { ViewPorts } from '../../table/view';
import { createAggregatesTable } from '../support/aggregates-table';
import { clickJson } from '../support/click-factory';
import { counting, retentionDays } from '../support/counting';

/** When the events arrive that the tests count. */
export const arrivedAt = Date.parse('2026-03-01T12:00:00Z');

const aDay = 86_400_000;

export interface CountedClicks {
  /** To read the table with. */
  ports(now?: number): ViewPorts;
  /** Counts events into the table as the aggregator does, as the next batch of the shard. */
  count(events: readonly Partial<ClickEvent>[], options?: CountOptions): Promise<void>;
  /** Folds what was counted so far into the items; what is counted afterwards is pending. */
  compact(): Promise<void>;
}

export interface CountOptions {
  /** `stream/shardId` */
  readonly shard?: string;
  readonly arrivedAt?: number;
}

/** A new table of aggregates on the server, and the functions' own code to fill it. */
export async function countedClicks(
  client: DynamoDBClient,
  tableName: string,
  uniqueVisitors: 'off' | UniqueScope = 'off',
): Promise<CountedClicks> {
  await createAggregatesTable(client, tableName);
  const table = dynamoLogTable(client, tableName);
  const { count, compact } = counting(table, { uniqueVisitors, now: () => arrivedAt });
  let sequenceNumber = 0;
  return {
    ports: (now = arrivedAt) => ({ table: dynamoLogTable(client, tableName), now: () => now }),
    count: async (events, { shard = 'clicks/shardId-000000000000', arrivedAt: at = arrivedAt } = {}) => {
      const records = events.map((event) => ({
        sequenceNumber: String(++sequenceNumber),
        data: Buffer.from(clickJson(event)),
        arrivedAt: at,
      }));
      await count(shard, records);
    },
    compact,
  };
}

/** An instant on the day of the tests: `at('09:30:15')`. */
export function at(time: string): string {
  return `2026-03-01T${time}Z`;
}

/** Just before the items of the window size are over, and then. */
export function aroundExpiry(window: WindowSize): readonly [before: number, then: number] {
  const expiry = arrivedAt + retentionDays[window] * aDay;
  return [expiry - 1, expiry];
}
