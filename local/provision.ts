import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException as NoSuchTable,
} from '@aws-sdk/client-dynamodb';
import {
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DescribeStreamSummaryCommand,
  IncreaseStreamRetentionPeriodCommand,
  type KinesisClient,
  ResourceNotFoundException as NoSuchStream,
} from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, HeadBucketCommand, NotFound, type S3Client } from '@aws-sdk/client-s3';
import { counted } from '../cli/counted';
import type { Clients } from '../emulators/clients';
import { createKinesisStreamReader } from './adapters/kinesis-stream-reader';
import { type Clock, systemClock } from './clock';
import type { BucketSpec, Deployment, StreamSpec, TableSpec } from './deployment';

const pollMs = 10;
/** The emulators create at once; one that was killed in the middle stays in creation for ever. */
const longestCreationMs = 10_000;

/**
 * Creates the streams, the tables and the buckets that are missing, and resolves when all can be used. Throws
 * if what exists from an earlier run has another shape than the deployment asks for.
 */
export async function provision(
  deployment: Pick<Deployment, 'streams' | 'tables' | 'buckets'>,
  clients: Pick<Clients, 'kinesis' | 'dynamodb' | 's3'>,
  clock: Clock = systemClock,
): Promise<void> {
  await Promise.all([
    ...deployment.streams.map((stream) => provisionStream(clients.kinesis, stream, clock)),
    ...deployment.tables.map((table) => provisionTable(clients.dynamodb, table, clock)),
    ...deployment.buckets.map((bucket) => provisionBucket(clients.s3, bucket)),
  ]);
}

async function provisionStream(client: KinesisClient, spec: StreamSpec, clock: Clock): Promise<void> {
  const describe = async () => {
    try {
      const { StreamDescriptionSummary: summary } = await client.send(
        new DescribeStreamSummaryCommand({ StreamName: spec.name }),
      );
      return summary;
    } catch (error) {
      if (error instanceof NoSuchStream) return undefined;
      throw error;
    }
  };
  if ((await describe()) === undefined) {
    await client.send(new CreateStreamCommand({ StreamName: spec.name, ShardCount: spec.shardCount }));
  }
  const summary = await untilActive(
    `stream ${spec.name}`,
    describe,
    (found) => found.StreamStatus === 'ACTIVE',
    clock,
  );

  // Shards without a parent are those that the stream was created with, however it was split since.
  const shards = await createKinesisStreamReader(client, spec.name).listShards();
  const created = shards.filter(({ parentShardId }) => parentShardId === undefined).length;
  if (created !== spec.shardCount) {
    throw new Error(
      `stream ${spec.name} was created with ${counted(created, 'shard')}, and the templates ask for ${spec.shardCount}: ` +
        'start anew with --fresh',
    );
  }

  const retention = { StreamName: spec.name, RetentionPeriodHours: spec.retentionHours };
  const present = summary.RetentionPeriodHours ?? 24;
  if (spec.retentionHours > present) await client.send(new IncreaseStreamRetentionPeriodCommand(retention));
  if (spec.retentionHours < present) await client.send(new DecreaseStreamRetentionPeriodCommand(retention));
}

/** Creates the table, if it is missing, and resolves when it can be used. Throws if it has another key. */
export async function provisionTable(
  client: DynamoDBClient,
  spec: Pick<TableSpec, 'name' | 'partitionKey' | 'sortKey'>,
  clock: Clock = systemClock,
): Promise<void> {
  const describe = async () => {
    try {
      return (await client.send(new DescribeTableCommand({ TableName: spec.name }))).Table;
    } catch (error) {
      if (error instanceof NoSuchTable) return undefined;
      throw error;
    }
  };
  const keyNames = [spec.partitionKey, ...(spec.sortKey === undefined ? [] : [spec.sortKey])];
  if ((await describe()) === undefined) {
    await client.send(
      new CreateTableCommand({
        TableName: spec.name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: keyNames.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: keyNames.map((AttributeName, index) => ({
          AttributeName,
          KeyType: index === 0 ? 'HASH' : 'RANGE',
        })),
      }),
    );
  }
  const table = await untilActive(
    `table ${spec.name}`,
    describe,
    (found) => found.TableStatus === 'ACTIVE',
    clock,
  );

  // The partition key stands first.
  const present = (table.KeySchema ?? []).map(({ AttributeName }) => AttributeName).join(', ');
  const wanted = keyNames.join(', ');
  if (present !== wanted) {
    throw new Error(
      `table ${spec.name} was created with the key (${present}), and the templates ask for (${wanted}): ` +
        'start anew with --fresh',
    );
  }
}

async function provisionBucket(client: S3Client, { name }: BucketSpec): Promise<void> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: name }));
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    await client.send(new CreateBucketCommand({ Bucket: name }));
  }
}

async function untilActive<T>(
  what: string,
  describe: () => Promise<T | undefined>,
  isActive: (found: T) => boolean,
  clock: Clock,
): Promise<T> {
  const deadline = clock.now() + longestCreationMs;
  for (;;) {
    const found = await describe();
    if (found !== undefined && isActive(found)) return found;
    if (clock.now() >= deadline) {
      throw new Error(`${what} was left half created by an earlier run: start anew with --fresh`);
    }
    await clock.sleep(pollMs);
  }
}
