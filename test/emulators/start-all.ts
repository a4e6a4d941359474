import { join } from 'node:path';
import { type Clients, createClients, type Endpoints } from '../../emulators/clients';
import { startDynamoDb } from '../../emulators/dynamodb';
import { startKinesis } from '../../emulators/kinesis';
import { startS3 } from '../../emulators/s3';

export interface AllEmulators {
  readonly endpoints: Endpoints;
  readonly clients: Clients;
  close(): Promise<void>;
}

/** The three emulators on free ports, and clients for them. */
export async function startAll(dataDir: string): Promise<AllEmulators> {
  const [kinesis, dynamodb, s3] = await Promise.all([
    startKinesis({ port: 0, dataDir: join(dataDir, 'kinesis') }),
    startDynamoDb({ port: 0, dataDir: join(dataDir, 'dynamodb') }),
    startS3({ port: 0, dataDir: join(dataDir, 's3') }),
  ]);
  const endpoints = { kinesis: kinesis.endpoint, dynamodb: dynamodb.endpoint, s3: s3.endpoint };
  const clients = createClients(endpoints, 'us-east-1');
  return {
    endpoints,
    clients,
    async close() {
      clients.destroy();
      await Promise.all([kinesis.close(), dynamodb.close(), s3.close()]);
    },
  };
}
