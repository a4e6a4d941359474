import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type ErrorContext, explained } from '../cli/explain-aws-error';
import { httpHandler } from '../cli/http-handler';
import { isListening } from '../cli/is-listening';
import { readLocalPipeline } from '../cli/local-pipeline';
import type { Place } from '../cli/place';
import { readStackOutput } from '../cli/stack-output';
import { StackOutputs } from '../contract/stack-outputs';
import { startDynamoDb } from '../emulators/dynamodb';

export interface TableConnection {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** For `explainAwsError`. */
  readonly context: ErrorContext;
  close(): Promise<void>;
}

const permissions = 'dynamodb:Query on the table';

/** Finds the table and makes a client for it. Throws a `SetupError` that says what to do. */
export async function connectTable(target: Place): Promise<TableConnection> {
  if (target.kind === 'local') return connectLocal(target.directory);
  const { name, access } = target;
  const { profile, endpoint } = access;
  const tableName = await readStackOutput(name, StackOutputs.aggregation.tableName, access);
  const client = new DynamoDBClient({ ...access, requestHandler: httpHandler() });
  const context = { target: `table ${tableName}`, profile, endpoint, permissions };
  try {
    const region = await client.config.region();
    return { client, tableName, context: { ...context, region }, close: async () => client.destroy() };
  } catch (error) {
    client.destroy();
    throw explained(error, context);
  }
}

/** While no pipeline runs on the directory, its table is opened just for the report. */
async function connectLocal(directory: string): Promise<TableConnection> {
  const { region, credentials, endpoints, table } = await readLocalPipeline(directory);
  const isRunning = await isListening(new URL(endpoints.dynamodb));
  const emulator = isRunning
    ? undefined
    : await startDynamoDb({ port: 0, dataDir: join(directory, 'dynamodb') });
  const endpoint = emulator?.endpoint ?? endpoints.dynamodb;
  const client = new DynamoDBClient({ region, credentials, endpoint });
  return {
    client,
    tableName: table,
    context: { target: `table ${table}`, endpoint, permissions },
    close: async () => {
      client.destroy();
      await emulator?.close();
    },
  };
}
