import { setMaxListeners } from 'node:events';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { functionLog, metricSource } from '../../domain/function-log';
import { aggregate } from './aggregate';
import { dynamoCalls } from './dynamo-calls';
import { readEnvironment } from './environment';
import { readKinesisEvent } from './kinesis-event';
import { reportOutcome } from './report';
import { createStores } from './stores';

// Not `console`, before whose lines the runtime writes the time.
const log = functionLog(
  metricSource('aggregator', process.env),
  (line) => process.stdout.write(`${line}\n`),
  Date.now,
);

const client = new DynamoDBClient({
  maxAttempts: 6,
  requestHandler: new NodeHttpHandler({
    connectionTimeout: 1_000,
    requestTimeout: 5_000,
    // Without it the handler only warns.
    throwOnRequestTimeout: true,
  }),
});
const stores = createStores(dynamoCalls(client), readEnvironment(process.env));

/** Kept free at the end of an invocation, to report what is unfinished. */
const reportingMs = 3_000;

let memory = Buffer.alloc(0);

/** The same memory for every invocation, since there is one at a time: new memory of megabytes costs collections of garbage. */
function reuseMemory(bytes: number): Buffer {
  if (bytes > memory.length) memory = Buffer.allocUnsafeSlow(bytes);
  return memory;
}

/** Counts one batch of a shard into the aggregates table. */
export async function handler(
  event: KinesisStreamEvent,
  context: Context,
): Promise<KinesisStreamBatchResponse> {
  const batch = readKinesisEvent(event, reuseMemory);
  const signal = AbortSignal.timeout(Math.max(context.getRemainingTimeInMillis() - reportingMs, 0));
  // Every write under way listens to it.
  setMaxListeners(0, signal);
  const outcome = await aggregate(batch, stores.table, signal, stores);
  reportOutcome(batch.shard, outcome, log);
  const { lowestUnfinished } = outcome;
  return { batchItemFailures: lowestUnfinished ? [{ itemIdentifier: lowestUnfinished }] : [] };
}
