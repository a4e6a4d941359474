import { KinesisClient } from '@aws-sdk/client-kinesis';
import type { AwsAccess } from '../../cli/aws-access';
import { explained } from '../../cli/explain-aws-error';
import { httpHandler } from '../../cli/http-handler';
import { SetupError } from '../../cli/setup-error';
import { archivePrefix, processingFailedPrefix } from '../../contract/bucket-prefixes';
import { logBegin } from '../../domain/counters/log-place';
import { positionOf } from '../../domain/event/position';
import { readLedger } from '../../producer/ledger/read-ledger';
import { readArchiveContents } from '../../reconcile/archive-contents';
import {
  type AggregatesPort,
  type ArchivePort,
  type Verification,
  verifyLedger,
} from '../../reconcile/ledger';
import { readAggregates } from '../../report/aggregates-reader';
import { dynamoLogTable } from '../../table/log-table';
import type { PipelineConnection } from '../connection';
import { objectsOf } from '../history/archive-objects';
import { kinesisStreamPort, politePace } from '../history/stream-port';
import { deliveryMs } from '../history/watermark';
import { s3ObjectStore } from '../objects/object-store';
import { readTails } from '../uncounted';

const permissions = 'kinesis:ListShards, kinesis:GetShardIterator and kinesis:GetRecords on the stream';

/** Compares a ledger with a stream alone. Throws a `SetupError` that says what to do. */
export async function verifyStreamLedger(
  ledger: string,
  { name, access }: { readonly name: string; readonly access: AwsAccess },
): Promise<Verification> {
  const { region, profile, endpoint } = access;
  const client = new KinesisClient({ ...access, requestHandler: httpHandler() });
  try {
    return await verifyLedger({
      ledger: readLedger(ledger, (header) => checkStream(header.stream, name)),
      stream: kinesisStreamPort(client, name, { pace: politePace }),
      now: Date.now(),
    });
  } catch (error) {
    throw explained(error, { target: `stream ${name}`, region, profile, endpoint, permissions });
  } finally {
    client.destroy();
  }
}

/** Compares a ledger with stream, archive and counters of a pipeline. Throws a `SetupError` that says what to do. */
export async function verifyPipelineLedger(
  ledger: string,
  pipeline: PipelineConnection,
  now: number,
): Promise<Verification> {
  const { stream, names } = pipeline;
  // Who gives another pipeline's ledger learns it before the archive is read.
  const entries = readLedger(ledger, (header) => checkStream(header.stream, names.stream));
  return verifyLedger({
    ledger: entries,
    stream,
    now,
    archive: await archivePort(pipeline, now),
    aggregates: await aggregatesPort(pipeline, now),
  });
}

function checkStream(stream: string, streamName: string): void {
  if (stream !== streamName)
    throw new SetupError(`the ledger is of stream ${stream}, and not of ${streamName}`);
}

/** What arrived while the stream holds it: nothing older is asked for. */
async function archivePort(
  { s3, stream, names, readWatermark }: PipelineConnection,
  now: number,
): Promise<ArchivePort> {
  const archive = s3ObjectStore(s3, names.archiveBucket);
  // Before the archive, which holds then what it has passed.
  const watermark = await readWatermark();
  const { retentionMs } = await stream.describe();
  const arrivals = { from: now - retentionMs, to: now };
  async function* objects() {
    for (const prefix of [archivePrefix, processingFailedPrefix]) {
      for await (const { key } of objectsOf(archive, prefix, arrivals, retentionMs))
        yield { key, body: (await archive.get(key)) ?? Buffer.alloc(0) };
    }
  }
  return {
    ...(await readArchiveContents(objects(), processingFailedPrefix)),
    dueAt: ({ shardId, sequenceNumber }, arrivedAt) =>
      watermark.hasPassed(shardId, sequenceNumber, arrivedAt) ? undefined : arrivedAt + deliveryMs,
  };
}

async function aggregatesPort(
  { dynamodb: client, names, settings }: PipelineConnection,
  now: number,
): Promise<AggregatesPort> {
  const table = dynamoLogTable(client, names.table);
  // Before the counters, which have then what stands before.
  const tails = await readTails({ table, now: () => now });
  const hourly = (dimension: string) =>
    readAggregates({ dimension, window: 'hour' }, { table, now: () => now });
  const validByHour = new Map<string, number>();
  // An event that came twice is valid both times, and counted as a duplicate the second time.
  for (const { window, count } of [...(await hourly('total')), ...(await hourly('duplicate'))]) {
    validByHour.set(window, (validByHour.get(window) ?? 0) + count);
  }
  const invalid = (await hourly('invalid')).reduce((sum, { count }) => sum + count, 0);
  return {
    validByHour,
    invalid,
    dueAt: ({ shardId, sequenceNumber, subSequenceNumber }, arrivedAt) => {
      const tail = tails.get(`${names.stream}/${shardId}`) ?? logBegin;
      const isPassed = positionOf(sequenceNumber, subSequenceNumber) <= tail;
      return isPassed ? undefined : arrivedAt + settings.maxRecordAgeSeconds * 1_000;
    },
  };
}
