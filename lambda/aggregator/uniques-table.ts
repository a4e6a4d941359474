import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { AggregatesTable as attributes, type CounterKey, keyAttributes } from '../../domain/counter-item';
import { sketchedValue, UniqueAttributes, type UniqueItem } from '../../domain/unique-item';
import { conditionalItems, type WriteResult } from './conditional-write';
import type { DynamoCalls } from './dynamo-calls';

/** The items with sketches in the aggregates table, as the aggregator needs them. */
export interface UniquesTable {
  /** The item as it stands; undefined if there is none. */
  read(key: CounterKey, signal: AbortSignal): Promise<UniqueItem | undefined>;
  /**
   * Puts the item if the table still has the version that it was made from, or no item if it was made from none. If
   * not, says what the table has. A write whose answer was lost is refused when it is made again, by itself.
   *
   * @throws whatever the client throws once its retries are over, or when `signal` aborts
   */
  write(
    key: CounterKey,
    item: UniqueItem,
    madeFrom: UniqueItem | undefined,
    signal: AbortSignal,
  ): Promise<WriteResult<UniqueItem>>;
}

export function dynamoUniquesTable(calls: DynamoCalls, tableName: string): UniquesTable {
  const items = conditionalItems(calls, tableName, uniqueItem);
  return {
    read: items.read,
    write: (key, item, madeFrom, signal) => {
      const put = { Item: { ...keyAttributes(key), ...attributesOf(item) }, ...condition(madeFrom) };
      return items.write(key, (asked) => calls.put({ ...asked, ...put }, signal), signal);
    },
  };
}

/** What makes the lock: between reading and writing, nobody else may have written. */
function condition(madeFrom: UniqueItem | undefined) {
  const ExpressionAttributeNames = { '#version': UniqueAttributes.version };
  return madeFrom === undefined
    ? { ConditionExpression: 'attribute_not_exists(#version)', ExpressionAttributeNames }
    : {
        ConditionExpression: '#version = :version',
        ExpressionAttributeNames,
        ExpressionAttributeValues: { ':version': { N: String(madeFrom.version) } },
      };
}

function attributesOf({ version, expiresAt, sketches }: UniqueItem): Record<string, AttributeValue> {
  return {
    ...Object.fromEntries([...sketches].map(([attribute, bytes]) => [attribute, { B: bytes }])),
    [UniqueAttributes.version]: { N: String(version) },
    [attributes.timeToLive]: { N: String(expiresAt) },
  };
}

function uniqueItem(item: Record<string, AttributeValue>): UniqueItem {
  const sketches = new Map<string, Uint8Array>();
  for (const [attribute, { B }] of Object.entries(item)) {
    const isSketch = sketchedValue(attribute) !== undefined || attribute === UniqueAttributes.other;
    // A copy: the client's bytes are a view of a larger block, all of which a cached item would keep.
    if (isSketch && B) sketches.set(attribute, new Uint8Array(B));
  }
  return {
    version: Number(item[UniqueAttributes.version]?.N),
    expiresAt: Number(item[attributes.timeToLive]?.N),
    sketches,
  };
}
