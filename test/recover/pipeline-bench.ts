import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { CreateStreamCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { createClients } from '../../emulators/clients';
import { dataDirAt } from '../../emulators/data-dir';
import { startEmulators } from '../../emulators/start-emulators';
import { runRecover } from '../../recover/command';
import { createAggregatesTable } from '../support/aggregates-table';
import { localPipeline, writeLocalPipeline } from '../support/local-pipeline-factory';

/** The three services of a local pipeline on a directory, without the applications. */
export async function startPipelineBench(directory: string) {
  const emulators = await startEmulators(dataDirAt(directory), 0);
  const clients = createClients(emulators.endpoints, 'eu-north-1');
  const file = localPipeline({
    endpoints: { ...emulators.endpoints, firehose: 'http://127.0.0.1:9', dashboard: 'http://127.0.0.1:9' },
  });
  await clients.kinesis.send(new CreateStreamCommand({ StreamName: file.stream, ShardCount: 1 }));
  await createAggregatesTable(clients.dynamodb, file.table);
  const buckets = { archive: file.buckets.archive, onFailure: file.buckets.onFailure ?? '' };
  for (const Bucket of Object.values(buckets)) await clients.s3.send(new CreateBucketCommand({ Bucket }));
  writeLocalPipeline(directory, file);
  return {
    ...clients,
    file,
    checkpoints: join(directory, 'checkpoints'),
    putObject: async (bucket: keyof typeof buckets, Key: string, Body: Buffer | string) => {
      await clients.s3.send(new PutObjectCommand({ Bucket: buckets[bucket], Key, Body: Buffer.from(Body) }));
    },
    putRecord: (data: string) =>
      clients.kinesis.send(
        new PutRecordCommand({ StreamName: file.stream, PartitionKey: 'visitor-1', Data: Buffer.from(data) }),
      ),
    stop: async () => {
      clients.destroy();
      await emulators.close();
    },
  };
}

export type PipelineBench = Awaited<ReturnType<typeof startPipelineBench>>;

/** Runs the command in this process. */
export async function recover(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runRecover(args, { stdout, stderr });
  return { code, stdout: stdout.read()?.toString() ?? '', stderr: stderr.read()?.toString() ?? '' };
}
