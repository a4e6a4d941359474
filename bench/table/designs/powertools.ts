import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { ShardRecord } from '../../../domain/fold';
import { forEachConcurrently } from '../../../domain/function/concurrency';
import { never } from '../../never';
import { counterRuns } from '../counters';
import { concurrentRequests, type TableDesign } from '../design';
import type { TableCalls } from '../mortal-table';
import { addOne, readCounter } from './item-each';

const inProgress = 'INPROGRESS';

/**
 * One `ADD` for each event and counter, within Powertools' idempotency: the requests of its `DynamoDBPersistenceLayer`
 * (https://github.com/aws-powertools/powertools-lambda-typescript, packages/idempotency), by the record's sequence
 * number. A record found in progress is done again: the batch comes again after the function that held it has timed out.
 */
export const powertools: TableDesign = {
  name: 'powertools',
  what: 'one update a record and counter, in Powertools’ idempotency',
  isExact: false,
  count: async (table, tableName, records) => {
    await forEachConcurrently(records, concurrentRequests, async (record) => {
      if (!(await begin(table, tableName, record))) return;
      for (const run of counterRuns([record])) await addOne(table, tableName, run);
      await complete(table, tableName, record);
    });
  },
  read: readCounter,
};

/** Whether the record has still to be counted. */
async function begin(table: TableCalls, TableName: string, record: ShardRecord): Promise<boolean> {
  const item = { ...keyOf(record), status: { S: inProgress }, expiration: { N: '1767229199' } };
  try {
    await table.put(
      {
        TableName,
        Item: { ...item, in_progress_expiration: { N: String(record.arrivedAt + 60_000) } },
        ConditionExpression: 'attribute_not_exists(#id) OR (#status = :inprogress AND #expires < :now)',
        ExpressionAttributeNames: { '#id': 'pk', '#status': 'status', '#expires': 'in_progress_expiration' },
        ExpressionAttributeValues: {
          ':inprogress': { S: inProgress },
          ':now': { N: String(record.arrivedAt + 120_000) },
        },
      },
      never,
    );
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    // The item that the refusal comes with says that it is completed; the emulator's refusals come without.
    await table.get({ TableName, Key: keyOf(record), ConsistentRead: true }, never);
    return false;
  }
}

async function complete(table: TableCalls, TableName: string, record: ShardRecord): Promise<void> {
  await table.update(
    {
      TableName,
      Key: keyOf(record),
      UpdateExpression: 'SET #expiration = :expiration, #status = :status',
      ExpressionAttributeNames: { '#expiration': 'expiration', '#status': 'status' },
      ExpressionAttributeValues: { ':expiration': { N: '1767229199' }, ':status': { S: 'COMPLETED' } },
    },
    never,
  );
}

function keyOf({ sequenceNumber }: ShardRecord) {
  return { pk: { S: `aggregator.handler#${sequenceNumber}` }, sk: { S: 'idempotency' } };
}
