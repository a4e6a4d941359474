import type { DynamoDBClient, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { countedValue, keyOf, readPartitionKey, readSortKey } from '../../../domain/counter-item';
import type { DynamoCalls } from '../../../lambda/aggregator/dynamo-calls';
import { nullCalls } from '../../null-calls';
import { addTo, type Counts } from './counts';

let updates: UpdateItemCommandInput[] = [];

/** Stands for the module of this name in the bundle of the product: a table that has nothing and takes everything at once. */
export function dynamoCalls(_client: DynamoDBClient): DynamoCalls {
  return {
    ...nullCalls,
    update: async (input) => {
      updates.push(input);
      return { $metadata: {} };
    },
  };
}

/** What the updates since the last time have added. */
export function takeCounts(): Counts {
  const counts: Counts = new Map();
  for (const update of updates) addCounts(counts, update);
  updates = [];
  return counts;
}

function addCounts(counts: Counts, update: UpdateItemCommandInput): void {
  const { Key, UpdateExpression, ExpressionAttributeNames, ExpressionAttributeValues } = update;
  const key = keyOf(Key!);
  const { dimension } = readPartitionKey(key);
  const { window, start } = readSortKey(key);
  const [, added] = UpdateExpression!.split(' ADD ');
  for (const addition of added!.split(', ')) {
    const [name, number] = addition.split(' ');
    const value = countedValue(ExpressionAttributeNames![name!]!);
    if (value === undefined) continue;
    addTo(counts, `${dimension} ${window} ${start} ${value}`, Number(ExpressionAttributeValues![number!]!.N));
  }
}
