import type { Settings } from '../lib/settings';
import { type CostLine, totalOf } from './cost-line';
import { type Flow, flowOf, type Traffic } from './flow';
import type { PriceList } from './prices';
import { anomaliesLines } from './services/anomalies';
import { cloudWatchLines, type FunctionName } from './services/cloudwatch';
import { collectorLines } from './services/collector';
import { dashboardLines } from './services/dashboard';
import { destinationLines } from './services/destination';
import { dynamodbLines } from './services/dynamodb';
import { firehoseLines } from './services/firehose';
import { kinesisLines } from './services/kinesis';
import { kmsLines } from './services/kms';
import {
  aggregatorInvocations,
  compactorInvocations,
  lambdaLines,
  transformerInvocations,
} from './services/lambda';
import { parquetLines } from './services/parquet';
import { archiveObjects, s3Lines } from './services/s3';
import { sourcesLines } from './services/sources';
import { videoLines } from './services/video';
import { type ShardHour, shardHour } from './shard-hour';
import { million, secondsPerMonth } from './units';

export interface MonthlyCost {
  readonly flow: Flow;
  /** What the table does for one shard in an hour. */
  readonly shard: ShardHour;
  /** Of the month. */
  readonly invocations: Readonly<Record<FunctionName, number>>;
  readonly lines: readonly CostLine[];
  readonly dollars: number;
  /** Of a million events; undefined without any. */
  readonly dollarsPerMillion: number | undefined;
}

/**
 * The bill of one month of even traffic, where nothing fails. Pure, and the same for the same arguments.
 *
 * @param month which one since the beginning, from 1: what is kept grows until it expires
 */
export function monthlyCost(
  traffic: Traffic,
  settings: Settings,
  list: PriceList,
  month: number,
): MonthlyCost {
  const flow = flowOf(traffic, settings);
  const { eventBytes, eventsPerSecond } = traffic;
  const shard = shardHour({
    ...settings,
    recordsPerSecond: flow.recordsPerSecond / flow.shards,
    eventsPerRecord: flow.eventsPerRecord,
    recordBytes: flow.recordBytes,
    pages: traffic.pages,
    lateShare: traffic.lateShare,
  });
  // Ids first, then the delta.
  const writes = settings.deduplicationSeconds > 0 ? 2 : 1;
  const aggregator = aggregatorInvocations(flow, eventBytes, settings, {
    batches: shard.batches,
    writes,
    writesAtOnce: 1,
  });
  const compactor = compactorInvocations(flow.shards, shard, settings);
  const transformer = transformerInvocations(flow, eventBytes, settings);
  const invocations = {
    aggregator: aggregator.count,
    compactor: compactor.count,
    transformer: transformer.count,
  };
  const events = eventsPerSecond * secondsPerMonth;
  const lines = [
    ...kinesisLines(flow, settings, list),
    ...firehoseLines(flow, traffic, list),
    ...lambdaLines('aggregator', aggregator, list),
    ...lambdaLines('compactor', compactor, list),
    ...lambdaLines('transformer', transformer, list),
    ...dynamodbLines(flow.shards, shard, settings, month, list),
    ...s3Lines(traffic, settings, month, list),
    ...cloudWatchLines(invocations, flow.shards, settings, month, list),
    ...kmsLines(archiveObjects(traffic, settings), settings, list),
    ...dashboardLines(flow.shards, settings, list),
    ...collectorLines(events, settings, list),
    ...destinationLines({ traffic, flow, forwarder: transformer }, settings, list),
    ...anomaliesLines(flow.shards, settings, list),
    ...sourcesLines(traffic, settings, list),
    ...videoLines(settings, list),
    ...parquetLines(flow, traffic, transformer, settings, month, list),
  ];
  const dollars = totalOf(lines);
  return {
    flow,
    shard,
    invocations,
    lines,
    dollars,
    dollarsPerMillion: events > 0 ? (dollars / events) * million : undefined,
  };
}
