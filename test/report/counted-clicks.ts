import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ClickEvent } from '../../domain/click-event';
import type { UniqueScope } from '../../domain/uniques';
import { aggregate } from '../../lambda/aggregator/aggregate';
import { dynamoCalls } from '../../lambda/aggregator/dynamo-calls';
import { createStores } from '../../lambda/aggregator/stores';
import { createAggregatesTable } from '../support/aggregates-table';
import { clickJson } from '../support/click-factory';
import { neverAborted } from '../support/never-aborted';

export const retentionDays = { minute: 7, hour: 30 } as const;
/** When the events arrive that the tests count. */
export const arrivedAt = Date.parse('2026-03-01T12:00:00Z');

const aDay = 86_400_000;

export interface CountedClicks {
  readonly tableName: string;
  /** Counts events into the table as the aggregator does, as the next batch of the shard. */
  count(events: readonly Partial<ClickEvent>[], options?: CountOptions): Promise<void>;
}

export interface CountOptions {
  /** `stream/shardId` */
  readonly shard?: string;
  readonly arrivedAt?: number;
}

/** A new table of aggregates on the server, and the aggregator's own code to fill it. */
export async function countedClicks(
  client: DynamoDBClient,
  tableName: string,
  uniqueVisitors: 'off' | UniqueScope = 'off',
): Promise<CountedClicks> {
  await createAggregatesTable(client, tableName);
  const stores = createStores(dynamoCalls(client), {
    tableName,
    retentionDays,
    deduplicationSeconds: 0,
    streamRetentionHours: 24,
    uniqueVisitors,
  });
  let sequenceNumber = 0;
  return {
    tableName,
    count: async (events, options = {}) => {
      const { shard = 'clicks/shardId-000000000000' } = options;
      const at = options.arrivedAt ?? arrivedAt;
      const records = events.map((event) => ({
        sequenceNumber: String(++sequenceNumber),
        data: Buffer.from(clickJson(event)),
        arrivedAt: at,
      }));
      const outcome = await aggregate({ shard, records }, stores.table, neverAborted(), stores);
      if (outcome.valid !== events.length || outcome.lowestUnfinished !== undefined) {
        throw new Error(`not all was counted: ${JSON.stringify(outcome)}`);
      }
    },
  };
}

/** An instant on the day of the tests: `at('09:30:15')`. */
export function at(time: string): string {
  return `2026-03-01T${time}Z`;
}

/** Just before the items of the window size are over, and then. */
export function aroundExpiry(window: 'minute' | 'hour'): readonly [before: number, then: number] {
  const expiry = arrivedAt + retentionDays[window] * aDay;
  return [expiry - 1, expiry];
}
