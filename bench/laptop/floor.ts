import { join } from 'node:path';
import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { accessKey, type Clients, createClients } from '../../emulators/clients';
import { dataDirAt } from '../../emulators/data-dir';
import { createKinesisStreamReader } from '../../local/adapters/kinesis-stream-reader';
import { readDeployment } from '../../local/cloudformation/read-deployment';
import type { Deployment } from '../../local/deployment';
import { eventJson, eventRecord } from '../../local/event-source-mapping/invocation-event';
import { provision } from '../../local/provision';
import type { StreamReader, StreamRecord } from '../../local/stream-reader';
import { loadBundle } from '../bundle';
import { quietly } from '../quietly';
import type { Ground } from './ground';
import { type Load, meanwhile, startEmulatorsAlone, startProducer } from './pipeline';
import { watchProcesses } from './processes';

export interface Floor {
  readonly accepted: number;
  /** Records that each of two consumers read. */
  readonly right: boolean;
  readonly seconds: number;
  /** CPU time of the process that runs the emulators, in seconds for 1,000 events. */
  readonly cpuSecondsPerThousand: number;
  readonly residentMiB: number;
}

type Handler = (event: KinesisStreamEvent, context: Context) => Promise<KinesisStreamBatchResponse>;

const pollMs = 1_000;
const readLimit = 10_000;

/**
 * The same clicks into the emulators alone, in a process that does nothing else: put by the same producer, read twice,
 * once a second, and counted by the aggregator's own bundle, so that the table gets the same updates. Producer, reading
 * and counting are other processes' work and not counted. Nothing is archived: a put of some megabytes a minute.
 *
 * @param assembly where the pipeline left its synthesized templates, whose stream and table are made
 */
export async function measureFloor(ground: Ground, load: Load, assembly: string): Promise<Floor> {
  const deployment = readDeployment(assembly);
  const dir = dataDirAt(ground.path('floor'));
  const emulators = await startEmulatorsAlone(ground, dir.path);
  const clients = createClients(emulators.endpoints, deployment.region);
  try {
    await provision({ ...deployment, buckets: [] }, clients);
    const processes = watchProcesses(() => ({ emulators: emulators.command.pid }));
    const before = (await processes.look()).emulators!;
    const consumer = await createConsumer(deployment, clients, emulators.endpoints.dynamodb);
    const where = ['--stream', deployment.stream.name, '--region', deployment.region];
    const producer = startProducer(ground, [...where, '--endpoint-url', emulators.endpoints.kinesis], load, {
      AWS_ACCESS_KEY_ID: accessKey,
      AWS_SECRET_ACCESS_KEY: accessKey,
    });
    const startedAt = performance.now();
    const { accepted, records } = await quietly(async () => {
      const summary = await meanwhile(producer.finished, pollMs, consumer.poll);
      await consumer.poll();
      return summary;
    });
    const after = (await processes.look()).emulators!;
    const read = consumer.read();
    return {
      accepted,
      right: read.counted === records && read.passedBy === records,
      seconds: (performance.now() - startedAt) / 1_000,
      cpuSecondsPerThousand: ((after.cpuSeconds - before.cpuSeconds) / accepted) * 1_000,
      residentMiB: after.residentMiB,
    };
  } finally {
    clients.destroy();
    await emulators.stop();
  }
}

interface Consumer {
  /** Reads every shard twice to its end, and has the aggregator count what came. */
  poll(): Promise<void>;
  read(): { readonly counted: number; readonly passedBy: number };
}

async function createConsumer(deployment: Deployment, clients: Clients, dynamodb: string): Promise<Consumer> {
  const [mapping] = deployment.eventSourceMappings;
  const spec = deployment.functions.find(({ arn }) => arn === mapping?.functionArn);
  if (!mapping || !spec) throw new Error('the templates hold no aggregator');
  Object.assign(process.env, spec.environment, {
    AWS_REGION: deployment.region,
    AWS_ACCESS_KEY_ID: accessKey,
    AWS_SECRET_ACCESS_KEY: accessKey,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
  });
  const { handler } = loadBundle<{ handler: Handler }>(join(spec.assetPath, 'index.js'));
  const context = { getRemainingTimeInMillis: () => spec.timeoutSeconds * 1_000 } as Context;
  const source = { streamArn: mapping.streamArn, roleArn: spec.roleArn, region: deployment.region };
  const readers = [0, 1].map(() => createKinesisStreamReader(clients.kinesis, deployment.stream.name));
  const [toCount, toPassBy] = await Promise.all(readers.map(readToEnd));
  let counted = 0;
  let passedBy = 0;

  return {
    read: () => ({ counted, passedBy }),
    poll: async () => {
      for (const { shardId, records } of await toCount!()) {
        for (let start = 0; start < records.length; start += mapping.batchSize) {
          const batch = records.slice(start, start + mapping.batchSize);
          const event = eventJson(batch.map((record) => eventRecord(record, shardId, source)));
          const { batchItemFailures } = await handler(JSON.parse(event), context);
          if (batchItemFailures.length === 0) counted += batch.length;
        }
      }
      for (const { records } of await toPassBy!()) passedBy += records.length;
    },
  };
}

interface ShardRecords {
  readonly shardId: string;
  readonly records: readonly StreamRecord[];
}

/** A function that reads on, from the stream's beginning, what each shard holds now. */
async function readToEnd(reader: StreamReader): Promise<() => Promise<ShardRecords[]>> {
  const iterators = new Map<string, string>();
  for (const { shardId } of await reader.listShards())
    iterators.set(shardId, await reader.getIterator(shardId, { type: 'TRIM_HORIZON' }));
  return () =>
    Promise.all(
      [...iterators].map(async ([shardId, iterator]) => {
        const { records, nextIterator } = await reader.read(iterator, readLimit);
        if (nextIterator !== undefined) iterators.set(shardId, nextIterator);
        return { shardId, records };
      }),
    );
}
