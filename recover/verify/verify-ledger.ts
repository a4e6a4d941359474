import { KinesisClient } from '@aws-sdk/client-kinesis';
import type { AwsAccess } from '../../cli/aws-access';
import { explained } from '../../cli/explain-aws-error';
import { httpHandler } from '../../cli/http-handler';
import { SetupError } from '../../cli/setup-error';
import { archivePrefix, processingFailedPrefix } from '../../contract/bucket-prefixes';
import { readArchivedLine } from '../../domain/archive/archived-line';
import { logBegin } from '../../domain/counters/log-place';
import { positionOf } from '../../domain/event/position';
import { readLedger } from '../../producer/ledger/read-ledger';
import {
  type AggregatesPort,
  type ArchivePort,
  type RecordInStream,
  type Verification,
  verifyLedger,
} from '../../producer/ledger/verify';
import { readAggregates } from '../../report/aggregates-reader';
import { dynamoLogTable } from '../../table/log-table';
import type { PipelineConnection } from '../connection';
import { objectsOf } from '../history/archive-objects';
import { kinesisStreamPort, politePace, type StreamPort } from '../history/stream-port';
import { deliveryMs } from '../history/watermark';
import { digestOf, readErrorObject } from '../objects/error-object';
import { linesIn } from '../objects/lines-in';
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
      stream: recordsOf(kinesisStreamPort(client, name, { pace: politePace })),
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
    stream: recordsOf(stream),
    now,
    archive: await archivePort(pipeline, now),
    aggregates: await aggregatesPort(pipeline, now),
  });
}

/**
 * All that the stream holds. From the oldest record on, also where only the newest are wanted: an event may be in the
 * stream before the first place that a ledger knows of.
 */
async function* recordsOf(stream: StreamPort): AsyncGenerator<RecordInStream> {
  for (const shardId of await stream.shardIds()) {
    for await (const records of stream.read(shardId, { arrivedAt: 0 })) {
      for (const record of records) yield { shardId, ...record };
    }
  }
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
  const lines = new Set<string>();
  for await (const { key } of objectsOf(archive, archivePrefix, arrivals, retentionMs)) {
    for (const bytes of linesIn((await archive.get(key)) ?? Buffer.alloc(0))) {
      const place = readArchivedLine(bytes)?.place;
      if (place) lines.add(lineId(place));
    }
  }
  const failed = new Set<string>();
  for await (const { key } of objectsOf(archive, processingFailedPrefix, arrivals, retentionMs)) {
    for (const document of readErrorObject((await archive.get(key)) ?? Buffer.alloc(0))) {
      if (document.ok) failed.add(digestOf(document.data));
    }
  }
  return {
    hasLine: (place) => lines.has(lineId(place)),
    dueAt: ({ shardId, sequenceNumber }, arrivedAt) =>
      watermark.hasPassed(shardId, sequenceNumber, arrivedAt) ? undefined : arrivedAt + deliveryMs,
    hasFailed: (data) => failed.size > 0 && failed.has(digestOf(data)),
  };
}

function lineId(place: Parameters<ArchivePort['hasLine']>[0]): string {
  return `${place.shardId} ${place.sequenceNumber} ${place.subSequenceNumber}`;
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
