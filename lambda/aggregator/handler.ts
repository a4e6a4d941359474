import { setMaxListeners } from 'node:events';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { functionLog } from '../../domain/function-log';
import { uniquesFor } from '../../domain/uniques';
import { aggregate } from './aggregate';
import { dynamoCountersTable } from './counters-table';
import { dynamoCalls } from './dynamo-calls';
import { readEnvironment } from './environment';
import { readKinesisEvent } from './kinesis-event';
import { knownPositions } from './known-positions';
import { dynamoRecentEvents } from './recent-events-table';
import { reportOutcome } from './report';
import { uniquesCache } from './uniques-cache';
import { dynamoUniquesTable } from './uniques-table';

// Not `console`, before whose lines the runtime writes the time.
const log = functionLog('aggregator', (line) => process.stdout.write(`${line}\n`), Date.now);

/** Sixteen thousand pages in an hour take so much, or the totals of 1,000 shards. */
const uniquesCacheBytes = 16 * 1024 * 1024;

const settings = readEnvironment(process.env);
const client = new DynamoDBClient({
  maxAttempts: 6,
  requestHandler: new NodeHttpHandler({
    connectionTimeout: 1_000,
    requestTimeout: 5_000,
    // Without it the handler only warns.
    throwOnRequestTimeout: true,
  }),
});
const calls = dynamoCalls(client);
const table = dynamoCountersTable(calls, settings.tableName, settings.retentionDays);
const removal = settings.deduplicationSeconds > 0 ? dynamoRecentEvents(calls, settings) : undefined;
const uniques =
  settings.uniqueVisitors === 'off'
    ? undefined
    : {
        counted: uniquesFor(settings.uniqueVisitors),
        table: dynamoUniquesTable(calls, settings.tableName),
        cache: uniquesCache(uniquesCacheBytes),
        retentionDays: settings.retentionDays.hour,
      };

/** Items that a batch touches are a hundred, or, if it jumps between many windows, some thousands; 300 bytes each. */
const known = knownPositions(20_000);

/** Kept free at the end of an invocation, to report what is unfinished. */
const reportingMs = 3_000;

/** Counts one batch of a shard into the aggregates table. */
export async function handler(
  event: KinesisStreamEvent,
  context: Context,
): Promise<KinesisStreamBatchResponse> {
  const batch = readKinesisEvent(event);
  const signal = AbortSignal.timeout(Math.max(context.getRemainingTimeInMillis() - reportingMs, 0));
  // Every write under way listens to it.
  setMaxListeners(0, signal);
  const outcome = await aggregate(batch, table, signal, { removal, uniques, known });
  reportOutcome(batch.shard, outcome, log);
  const { lowestUnfinished } = outcome;
  return { batchItemFailures: lowestUnfinished ? [{ itemIdentifier: lowestUnfinished }] : [] };
}
