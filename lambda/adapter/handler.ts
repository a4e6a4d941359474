import { setTimeout } from 'node:timers/promises';
import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { functionKinesisClient } from '../../producer/client/function-client';
import { putAll } from '../../producer/client/put-all';
import { putRecords } from '../../producer/client/put-records';
import { readKinesisEvent } from '../aggregator/kinesis-event';
import { printedLog } from '../runtime/printed-log';
import { adaptBatch } from './adapt-batch';
import { createRecordAdapter } from './adapt-record';
import { adapterService } from './contract';
import { readEnvironment } from './environment';
import { reportBatch } from './report';

const log = printedLog(adapterService, process.env);
const settings = readEnvironment(process.env);
const requestMs = 5_000;
const kinesis = functionKinesisClient(requestMs);
const adapt = createRecordAdapter(settings.logFormat);

/** Kept free at the end of an invocation, for a request that is under way and the report of what is unfinished. */
const reportingMs = requestMs + 3_000;

/** Puts the events of one batch of log lines into the stream of clicks. */
export async function handler(
  event: KinesisStreamEvent,
  context: Context,
): Promise<KinesisStreamBatchResponse> {
  const { shard, records } = readKinesisEvent(event);
  const batch = await adaptBatch(shard, records, {
    adapt,
    put: async (request) => {
      const leftMs = context.getRemainingTimeInMillis() - reportingMs;
      if (leftMs <= 0) return { kind: 'failed', because: 'OutOfTime', mayHaveArrived: false };
      return putAll(request, leftMs, {
        put: (missing) => putRecords(kinesis, settings.streamName, missing),
        sleep: (ms) => setTimeout(ms),
        random: Math.random,
        now: Date.now,
      });
    },
  });
  reportBatch(shard, batch, log);
  const { lowestUnfinished } = batch;
  return { batchItemFailures: lowestUnfinished ? [{ itemIdentifier: lowestUnfinished }] : [] };
}
