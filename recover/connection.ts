import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { readAggregationSettings } from '../cli/aggregation-settings';
import type { AwsAccess } from '../cli/aws-access';
import { type ErrorContext, explained } from '../cli/explain-aws-error';
import { httpHandler } from '../cli/http-handler';
import { isListening } from '../cli/is-listening';
import { type LocalPipeline, readLocalPipeline } from '../cli/local-pipeline';
import type { Place } from '../cli/place';
import { findStackOutput, readStackOutput } from '../cli/stack-output';
import type { AggregationSettings } from '../contract/aggregation-settings';
import {
  type Application,
  ExtensionOutputs,
  pipelineOf,
  StackOutputs,
  stackName,
} from '../contract/stack-outputs';
import { dataDirAt } from '../emulators/data-dir';
import { startEmulators } from '../emulators/start-emulators';
import type { Emulators } from '../emulators/start-together';
import { createKinesisClient } from '../producer/client/kinesis-client';
import { kinesisStreamPort, politePace, type StreamPort } from './history/stream-port';
import { localWatermark, type ReadWatermark, streamWatermark } from './history/watermark';

/** What the parts of a pipeline are called. */
export interface PipelineNames {
  readonly stream: string;
  readonly table: string;
  readonly archiveBucket: string;
  /** Undefined where the mapping has no destination. */
  readonly onFailureBucket: string | undefined;
  readonly deliveryStream: string;
}

export interface PipelineConnection {
  readonly names: PipelineNames;
  readonly kinesis: KinesisClient;
  readonly stream: StreamPort;
  /** Makes one attempt a call, so that it is known what was sent. */
  readonly sender: KinesisClient;
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  readonly settings: AggregationSettings;
  readonly readWatermark: ReadWatermark;
  /** The bucket of the Parquet copy of the archive; undefined where there is none. */
  findParquetBucket(): Promise<string | undefined>;
  /** For `explainAwsError`. */
  readonly context: ErrorContext;
  close(): Promise<void>;
}

const permissions = 'what docs/recover-policy.json lists';

/** Finds the parts of a pipeline and makes clients for them. Throws a `SetupError` that says what to do. */
export async function connectPipeline(place: Place): Promise<PipelineConnection> {
  if (place.kind === 'local') return connectLocal(place.directory);
  // One of the stacks' names says which pipeline is meant just as well.
  const name = pipelineOf(place.name);
  const { access } = place;
  const output = (application: Application, key: string) =>
    readStackOutput(stackName(name, application), key, access);
  const outputs = StackOutputs;
  const names: PipelineNames = {
    stream: await output('stream', outputs.stream.streamName),
    table: await output('aggregation', outputs.aggregation.tableName),
    onFailureBucket: await output('aggregation', outputs.aggregation.onFailureBucketName),
    archiveBucket: await output('archive', outputs.archive.bucketName),
    deliveryStream: await output('archive', outputs.archive.deliveryStreamName),
  };
  const settings = await readAggregationSettings(stackName(name, 'aggregation'), access);
  const clients = createClients(access);
  const stream = kinesisStreamPort(clients.kinesis, names.stream, { pace: politePace });
  const { profile, endpoint } = access;
  const context = { target: `pipeline ${name}`, profile, endpoint, permissions };
  try {
    const region = await clients.s3.config.region();
    return {
      names,
      ...clients,
      stream,
      settings,
      readWatermark: streamWatermark(stream, Date.now),
      findParquetBucket: () =>
        findStackOutput(stackName(name, 'analytics'), ExtensionOutputs.analytics.parquetBucketName, access),
      context: { ...context, region },
      close: async () => clients.destroy(),
    };
  } catch (error) {
    clients.destroy();
    throw explained(error, context);
  }
}

/** While no pipeline runs on the directory, what it left there is opened just for this command. */
async function connectLocal(directory: string): Promise<PipelineConnection> {
  const where = await readLocalPipeline(directory);
  const isRunning = await isListening(new URL(where.endpoints.dynamodb));
  const dataDir = dataDirAt(directory);
  const emulators = isRunning ? undefined : await startEmulators(dataDir, 0);
  const endpoints = emulators?.endpoints ?? where.endpoints;
  const { destroy, ...clients } = createLocalClients(where, endpoints);
  return {
    names: {
      stream: where.stream,
      table: where.table,
      archiveBucket: where.buckets.archive,
      onFailureBucket: where.buckets.onFailure,
      deliveryStream: where.deliveryStream,
    },
    ...clients,
    // Nothing on this machine throttles.
    stream: kinesisStreamPort(clients.kinesis, where.stream, { pace: undefined }),
    settings: where.aggregation,
    readWatermark: localWatermark(dataDir.checkpoints, where.deliveryStream),
    findParquetBucket: async () => where.buckets.parquet,
    context: { target: `the pipeline in ${directory}`, permissions },
    close: async () => {
      destroy();
      await emulators?.close();
    },
  };
}

function createLocalClients(
  { region, credentials }: LocalPipeline,
  endpoints: Emulators['endpoints'],
): Clients {
  return createClients(
    { region, credentials },
    { kinesis: endpoints.kinesis, dynamodb: endpoints.dynamodb, s3: endpoints.s3 },
  );
}

interface Clients {
  readonly kinesis: KinesisClient;
  readonly sender: KinesisClient;
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  destroy(): void;
}

function createClients(
  access: AwsAccess,
  endpoints: Partial<Record<'kinesis' | 'dynamodb' | 's3', string>> = {},
): Clients {
  const options = (endpoint: string | undefined) => ({ ...access, ...(endpoint ? { endpoint } : {}) });
  const kinesis = new KinesisClient({ ...options(endpoints.kinesis), requestHandler: httpHandler() });
  const sender = createKinesisClient(options(endpoints.kinesis));
  const dynamodb = new DynamoDBClient({ ...options(endpoints.dynamodb), requestHandler: httpHandler() });
  const s3 = new S3Client({
    ...options(endpoints.s3),
    requestHandler: httpHandler(),
    ...((endpoints.s3 ?? access.endpoint) ? { forcePathStyle: true } : {}),
    // Not every S3 takes the trailing checksums that the SDK adds to bodies by default.
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  return {
    kinesis,
    sender,
    dynamodb,
    s3,
    destroy: () => {
      for (const client of [kinesis, sender, dynamodb, s3]) client.destroy();
    },
  };
}
