import { join } from 'node:path';
import { CreateTableCommand, DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AggregatesTable as attributes } from '../../domain/counter-item';
import { createClients } from '../../local/adapters/clients';
import { startDynamoDb } from '../../local/emulators/dynamodb';

export interface DynamoServer {
  readonly endpoint: string;
  readonly client: DynamoDBClient;
  close(): Promise<void>;
}

/** DynamoDB on the wire, with its state in a data directory as the local pipeline keeps it. */
export async function startDynamoServer(dataDir: string): Promise<DynamoServer> {
  const { endpoint, close } = await startDynamoDb({ port: 0, dataDir: join(dataDir, 'dynamodb') });
  const clients = createClients({ kinesis: endpoint, dynamodb: endpoint, s3: endpoint }, 'eu-north-1');
  return {
    endpoint,
    client: clients.dynamodb,
    close: async () => {
      clients.destroy();
      await close();
    },
  };
}

/** Creates a table with the keys of the aggregates; resolves when it can be used. */
export async function createAggregatesTable(client: DynamoDBClient, name: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: attributes.partitionKey, AttributeType: 'S' },
        { AttributeName: attributes.sortKey, AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: attributes.partitionKey, KeyType: 'HASH' },
        { AttributeName: attributes.sortKey, KeyType: 'RANGE' },
      ],
    }),
  );
  const status = async () =>
    (await client.send(new DescribeTableCommand({ TableName: name }))).Table?.TableStatus;
  while ((await status()) !== 'ACTIVE');
}
