import type { FirehoseTransformationEvent } from 'aws-lambda';
import { functionLog, metricSource } from '../../domain/function/function-log';
import { readKinesisEvent } from '../../lambda/aggregator/kinesis-event';
import { reportOutcome } from '../../lambda/aggregator/report';
import { reportCompaction } from '../../lambda/compactor/report';
import { createAppender } from '../../table/append';
import { logTable } from '../../table/log-table';
import { deploymentNames } from '../function-environment';
import { never } from '../never';
import { nullCalls } from '../null-calls';
import { clickSource, firehoseEventText, kinesisEventText } from './batches';

export interface FunctionLog {
  readonly bytes: number;
  /** Custom metrics that the lines make, by name and dimensions. */
  readonly metrics: readonly string[];
}

/** What Lambda adds to a plain text log for each invocation: START, END and REPORT. */
const platformBytes = 270;

const records = 1_000;

/** What an invocation of the aggregator logs of a batch in which all went well. */
export async function aggregatorLog(): Promise<FunctionLog> {
  const batch = readKinesisEvent(JSON.parse(kinesisEventText(clickSource()(records))));
  const appender = createAppender(
    { table: logTable(nullCalls, 'aggregates'), now: Date.now, newToken: () => '01234567' },
    { deduplicationSeconds: 300, uniques: [], minutesForDays: 0, logDays: 14 },
  );
  const outcome = await appender.append(batch.shard, batch.records, never);
  return collected('aggregator', (log) => reportOutcome(batch.shard, outcome, log));
}

/** The same of the compactor. */
export function compactorLog(): FunctionLog {
  const outcome = { shards: 4, shardsWithGap: [], failedByError: new Map() };
  const counts = { deltas: 240, items: 480, retried: 0, pending: 12, oldestPendingMs: 59_123 };
  const units = { read: 520.5, write: 611 };
  return collected('compactor', (log) => reportCompaction({ ...outcome, ...counts }, units, log));
}

function collected(service: string, report: (log: ReturnType<typeof functionLog>) => void): FunctionLog {
  let text = '';
  const collect = (line: string): void => {
    text += `${line}\n`;
  };
  report(functionLog(metricSource(service, deploymentNames), collect, Date.now));
  return logOf(text);
}

/** The same of the transformer, whose handler writes to standard output. */
export async function transformerLog(): Promise<FunctionLog> {
  const event = JSON.parse(firehoseEventText(clickSource()(records))) as FirehoseTransformationEvent;
  // Loaded now, because it reads its environment when it is.
  Object.assign(process.env, deploymentNames);
  const { handler: transformer } = await import('../../lambda/transformer/handler');
  let text = '';
  const write = process.stdout.write;
  process.stdout.write = ((chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  }) as typeof write;
  try {
    await transformer(event);
  } finally {
    process.stdout.write = write;
  }
  return logOf(text);
}

function logOf(text: string): FunctionLog {
  const lines = text.split('\n').filter((line) => line !== '');
  return { bytes: platformBytes + Buffer.byteLength(text), metrics: lines.flatMap(metricsOf) };
}

/** Metrics of a line in the embedded format (AWS docs: CloudWatch embedded metric format); none of any other. */
function metricsOf(line: string): string[] {
  const { _aws: embedded } = JSON.parse(line) as {
    _aws?: { CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string }[] }[] };
  };
  return (embedded?.CloudWatchMetrics ?? []).flatMap(({ Dimensions, Metrics: metrics }) =>
    Dimensions.flatMap((dimensions) => metrics.map(({ Name }) => `${Name} by ${dimensions.join(', ')}`)),
  );
}
