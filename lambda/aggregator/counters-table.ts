import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  AggregatesTable as attributes,
  type CounterKey,
  countedValue,
  keyAttributes,
} from '../../domain/counter-item';
import type { CounterWrite, HeldItem } from '../../domain/counter-write';
import type { WindowSize } from '../../domain/window';
import { conditionalItems, type WriteResult } from './conditional-write';
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
  write(
    key: CounterKey,
    window: WindowSize,
    write: CounterWrite,
    signal: AbortSignal,
  ): Promise<WriteResult<HeldItem>>;
}

const msPerDay = 86_400_000;

/** @param retentionDays how long an item of each window size lives after its last write */
export function dynamoCountersTable(
  calls: DynamoCalls,
  tableName: string,
  retentionDays: Readonly<Record<WindowSize, number>>,
): CountersTable {
  const items = conditionalItems(calls, tableName, heldItem);
  return {
    write: (key, window, write, signal) => {
      // From the arrival, not from the window: late events must be readable for as long as others.
      const expiresAt = Math.floor((write.lastArrivedAt + retentionDays[window] * msPerDay) / 1000);
      const update = { Key: keyAttributes(key), ...updateExpression(write, expiresAt) };
      return items.write(key, (asked) => calls.update({ ...asked, ...update }, signal), signal);
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
