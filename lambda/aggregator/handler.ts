import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { uniquesFor } from '../../domain/visitors/uniques';
import { createAppender } from '../../table/append';
import { functionClient } from '../../table/function-client';
import { dynamoLogTable } from '../../table/log-table';
import { printedLog } from '../runtime/printed-log';
import { aggregatorService } from './contract';
import { readEnvironment } from './environment';
import { readKinesisEvent } from './kinesis-event';
import { reportOutcome } from './report';

const log = printedLog(aggregatorService, process.env);

const settings = readEnvironment(process.env);
const appender = createAppender(
  {
    table: dynamoLogTable(functionClient(), settings.tableName),
    now: Date.now,
    newToken: () => randomUUID().slice(0, 8),
  },
  { ...settings, uniques: uniquesFor(settings.uniqueVisitors) },
);

/** Kept free at the end of an invocation, to report what is unfinished. */
const reportingMs = 3_000;

let memory = Buffer.alloc(0);

/** The same memory for every invocation, since there is one at a time: new memory of megabytes costs collections of garbage. */
function reuseMemory(bytes: number): Buffer {
  if (bytes > memory.length) memory = Buffer.allocUnsafeSlow(bytes);
  return memory;
}

/** Counts one batch of a shard: appends it to the shard's log in the aggregates table. */
export async function handler(
  event: KinesisStreamEvent,
  context: Context,
): Promise<KinesisStreamBatchResponse> {
  const { shard, records } = readKinesisEvent(event, reuseMemory);
  const signal = AbortSignal.timeout(Math.max(context.getRemainingTimeInMillis() - reportingMs, 0));
  // Every call under way listens to it.
  setMaxListeners(0, signal);
  const outcome = await appender.append(shard, records, signal);
  reportOutcome(shard, outcome, log);
  const { lowestUnfinished } = outcome;
  return { batchItemFailures: lowestUnfinished ? [{ itemIdentifier: lowestUnfinished }] : [] };
}
