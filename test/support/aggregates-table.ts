import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { TableAttributes } from '../../domain/counters/table-layout';
import { createClients } from '../../emulators/clients';
import { startDynamoDb } from '../../emulators/dynamodb';
import { provisionTable } from '../../local/provision';

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
export function createAggregatesTable(client: DynamoDBClient, name: string): Promise<void> {
  const { partitionKey, sortKey } = TableAttributes;
  return provisionTable(client, { name, partitionKey, sortKey });
}
