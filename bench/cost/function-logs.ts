import type { FirehoseTransformationEvent } from 'aws-lambda';
import { functionLog, metricSource } from '../../domain/function/function-log';
import { aggregate } from '../../lambda/aggregator/aggregate';
import { readKinesisEvent } from '../../lambda/aggregator/kinesis-event';
import { reportOutcome } from '../../lambda/aggregator/report';
import { deploymentNames } from '../function-environment';
import { never } from '../never';
import { nullCounters } from '../null-calls';
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
  const outcome = await aggregate(batch, nullCounters, never);
  let text = '';
  const collect = (line: string): void => {
    text += `${line}\n`;
  };
  reportOutcome(
    batch.shard,
    outcome,
    functionLog(metricSource('aggregator', deploymentNames), collect, Date.now),
  );
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
