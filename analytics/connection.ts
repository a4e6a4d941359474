import { homedir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, NoSuchKey, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { type ErrorContext, explained } from '../cli/explain-aws-error';
import { httpHandler } from '../cli/http-handler';
import { isListening } from '../cli/is-listening';
import { readLocalPipeline } from '../cli/local-pipeline';
import type { Place } from '../cli/place';
import { readStackOutput } from '../cli/stack-output';
import { pipelineOf, StackOutputs, stackName } from '../contract/stack-outputs';
import { dataDirAt } from '../emulators/data-dir';
import { startS3 } from '../emulators/s3';
import type { ArchiveSource } from './duckdb/archive-copy';

export interface ArchiveConnection {
  readonly source: ArchiveSource;
  /** Where the copy is kept, which is made for this bucket alone. */
  readonly copyFile: string;
  /** For `explainAwsError`. */
  readonly context: ErrorContext;
  close(): Promise<void>;
}

const permissions =
  's3:ListBucket on the archive bucket and s3:GetObject on its objects, with kms:Decrypt if it has a key';

/** Finds the archive of a pipeline. Throws a `SetupError` that says what to do. */
export async function connectArchive(place: Place): Promise<ArchiveConnection> {
  if (place.kind === 'local') return connectLocal(place.directory);
  const { access } = place;
  const stack = stackName(pipelineOf(place.name), 'archive');
  const bucket = await readStackOutput(stack, StackOutputs.archive.bucketName, access);
  const client = new S3Client({
    ...access,
    requestHandler: httpHandler(),
    ...(access.endpoint ? { forcePathStyle: true } : {}),
  });
  const { profile, endpoint } = access;
  const context = { target: `bucket ${bucket}`, profile, endpoint, permissions };
  try {
    const region = await client.config.region();
    return {
      source: s3Source(client, bucket),
      copyFile: join(cacheFolder(), `${bucket}.duckdb`),
      context: { ...context, region },
      close: async () => client.destroy(),
    };
  } catch (error) {
    client.destroy();
    throw explained(error, context);
  }
}

/** While no pipeline runs on the directory, its bucket is opened just for the query. */
async function connectLocal(directory: string): Promise<ArchiveConnection> {
  const { region, credentials, endpoints, buckets } = await readLocalPipeline(directory);
  const dataDir = dataDirAt(directory);
  const isRunning = await isListening(new URL(endpoints.s3));
  const emulator = isRunning ? undefined : await startS3({ port: 0, dataDir: dataDir.s3 });
  const endpoint = emulator?.endpoint ?? endpoints.s3;
  const client = new S3Client({ region, credentials, endpoint, forcePathStyle: true });
  return {
    source: s3Source(client, buckets.archive),
    copyFile: join(dataDir.queries, 'archive.duckdb'),
    context: { target: `bucket ${buckets.archive}`, endpoint, permissions },
    close: async () => {
      client.destroy();
      await emulator?.close();
    },
  };
}

/** The user's folder for what can be made again (XDG Base Directory Specification). */
function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'clickstream-pipeline');
}

function s3Source(client: S3Client, bucket: string): ArchiveSource {
  return {
    async *objects(prefix) {
      for await (const { Contents = [] } of paginateListObjectsV2(
        { client },
        { Bucket: bucket, Prefix: prefix },
      )) {
        for (const { Key: key, ETag: etag = '', Size: bytes = 0, LastModified } of Contents) {
          if (key !== undefined) yield { key, etag, bytes, writtenAt: LastModified?.getTime() ?? 0 };
        }
      }
    },
    async get(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return Body && Buffer.from(await Body.transformToByteArray());
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
  };
}
