import { Agent } from 'node:http';
import { DeleteTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { AggregatesTable } from '../../domain/counter-item';
import { provisionTable } from '../../local/provision';
import type { Counters } from './counters';
import { concurrentRequests, type Item, type TableDesign } from './design';

/** The client that every design writes with. */
export function tableClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'eu-north-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    requestHandler: new NodeHttpHandler({
      httpAgent: new Agent({ keepAlive: true, maxSockets: concurrentRequests }),
    }),
  });
}

/** Gives `use` a table of its own, which can be written at once, and deletes it afterwards. */
export async function withTable<Result>(
  client: DynamoDBClient,
  TableName: string,
  use: (tableName: string) => Promise<Result>,
): Promise<Result> {
  await provisionTable(client, { name: TableName, ...AggregatesTable });
  try {
    return await use(TableName);
  } finally {
    await client.send(new DeleteTableCommand({ TableName }));
  }
}

/** What the whole table counts, as a design reads it. */
export async function readCounters(
  client: DynamoDBClient,
  TableName: string,
  { read }: TableDesign,
): Promise<Counters> {
  const counters: Counters = new Map();
  let ExclusiveStartKey: Item | undefined;
  do {
    const { Items, LastEvaluatedKey } = await client.send(
      new ScanCommand({ TableName, ConsistentRead: true, ExclusiveStartKey }),
    );
    for (const item of Items ?? []) read(item, counters);
    ExclusiveStartKey = LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return counters;
}
