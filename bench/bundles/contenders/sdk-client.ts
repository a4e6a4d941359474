import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient({});

/** What no function can do without that writes to a table by the SDK: one update. */
export async function handler(): Promise<number | undefined> {
  const { $metadata } = await client.send(
    new UpdateItemCommand({
      TableName: 'aggregates',
      Key: { pk: { S: 'total#0' }, sk: { S: 'hour' } },
      UpdateExpression: 'ADD #n :one',
      ExpressionAttributeNames: { '#n': 'n:all' },
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }),
  );
  return $metadata.httpStatusCode;
}
