import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { forEachConcurrently } from '../../../domain/function/concurrency';
import { parsingCounter } from './counts';
import { mapEach } from './map-each';
import { windowsOf } from './values';

const client = new DynamoDBClient({});
const { handler: count, takeCounts } = parsingCounter(() => mapEach(windowsOf));
const updatesAtOnce = 32;

export { takeCounts };

/** As `parse-and-count`, and an update of an item for each counter: a batch that comes again counts again. */
export async function handler(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  const answer = await count(event);
  await forEachConcurrently([...takeCounts()], updatesAtOnce, async ([counter, events]) => {
    const [dimension, size, start, ...value] = counter.split(' ');
    await client.send(
      new UpdateItemCommand({
        TableName: 'aggregates',
        Key: { pk: { S: `${dimension}#${value.join(' ')}` }, sk: { S: `${size}#${start}` } },
        UpdateExpression: 'ADD #count :events',
        ExpressionAttributeNames: { '#count': 'count' },
        ExpressionAttributeValues: { ':events': { N: String(events) } },
      }),
    );
  });
  return answer;
}
