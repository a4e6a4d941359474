import { type AttributeValue, ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  AggregatesTable as attributes,
  type CounterKey,
  countedValue,
  keyAttributes,
} from '../../domain/counter-item';
import type { CounterWrite, HeldItem } from '../../domain/counter-write';
import type { WindowSize } from '../../domain/window';
import type { DynamoCalls } from './dynamo-calls';
import { updateExpression } from './update-expression';

/** The aggregates table as the aggregator needs it. */
export interface CountersTable {
  /**
   * Makes the write if its condition holds. If not, says what the item holds: nothing, if it has gone meanwhile.
   * Whether the answer of a write was lost does not matter: made again, it is refused.
   *
   * @throws whatever the client throws once its retries are over, or when `signal` aborts
   */
  write(key: CounterKey, window: WindowSize, write: CounterWrite, signal: AbortSignal): Promise<WriteResult>;
}

export interface WriteResult {
  readonly written: boolean;
  readonly held?: HeldItem;
  /** Times that the client sent the update again after a fault. */
  readonly retries: number;
}

const msPerDay = 86_400_000;

/** @param retentionDays how long an item of each window size lives after its last write */
export function dynamoCountersTable(
  calls: DynamoCalls,
  tableName: string,
  retentionDays: Readonly<Record<WindowSize, number>>,
): CountersTable {
  const readItem = async (key: CounterKey, signal: AbortSignal): Promise<HeldItem | undefined> => {
    const { Item } = await calls.get(
      { TableName: tableName, Key: keyAttributes(key), ConsistentRead: true },
      signal,
    );
    return Item && heldItem(Item);
  };

  return {
    async write(key, window, write, signal) {
      // From the arrival, not from the window: late events must be readable for as long as others.
      const expiresAt = Math.floor((write.lastArrivedAt + retentionDays[window] * msPerDay) / 1000);
      try {
        const { $metadata } = await calls.update(
          {
            TableName: tableName,
            Key: keyAttributes(key),
            ...updateExpression(write, expiresAt),
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          },
          signal,
        );
        return { written: true, retries: ($metadata.attempts ?? 1) - 1 };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // DynamoDB returns the item with the refusal; emulators may not, and then it is read.
        const held = error.Item ? heldItem(error.Item) : await readItem(key, signal);
        const retries = (error.$metadata.attempts ?? 1) - 1;
        return { written: false, retries, ...(held ? { held } : {}) };
      }
    },
  };
}

function heldItem(item: Record<string, AttributeValue>): HeldItem | undefined {
  const position = item[attributes.position]?.S;
  if (position === undefined) return undefined;
  const values = Object.keys(item).map(countedValue);
  const bound = item[attributes.sizeBound]?.N;
  return {
    position,
    values: new Set(values.filter((value) => value !== undefined)),
    sizeBound: bound === undefined ? undefined : Number(bound),
  };
}
