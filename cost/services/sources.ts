import type { Settings } from '../../lib/settings';
import { type CostLine, costLine } from '../cost-line';
import { flowOf, type Traffic } from '../flow';
import { assumed, measured } from '../measured';
import type { PriceList } from '../prices';
import { gib, hoursPerMonth, secondsPerMonth } from '../units';
import { kinesisLines } from './kinesis';
import { cpuShare, lambdaLines } from './lambda';

/** `lib/sources/adapter.ts` gives it so much. */
const adapterMemoryMiB = 512;

/**
 * Of the stack of sources, as if all events came by each that is on: as lines of CloudFront's, a record each, and as events
 * of a bus. What CloudFront and CloudWatch Logs take themselves is not the pipeline's.
 */
export function sourcesLines(traffic: Traffic, settings: Settings, list: PriceList): CostLine[] {
  return [
    ...(settings.logSources ? logLines(traffic, settings, list) : []),
    ...(settings.busSource === '' ? [] : busLines(traffic, settings, list)),
  ];
}

function logLines(traffic: Traffic, settings: Settings, list: PriceList): CostLine[] {
  const flow = flowOf({ ...traffic, packing: 'none', readers: 1 }, settings);
  const stream = kinesisLines(flow, settings, list).map((line) => ({
    ...line,
    driver: `log lines: ${line.driver}`,
  }));
  const count = batchesPerSecond(flow, settings) * secondsPerMonth;
  const lines = count === 0 ? 0 : (traffic.eventsPerSecond * secondsPerMonth) / count;
  const { perLine, logBytes, alarmMetrics } = measured.adapter;
  const milliseconds = Math.ceil(
    (lines * perLine) / 1_000 / cpuShare(adapterMemoryMiB) + assumed.streamLatencyMs,
  );
  const { prices } = list;
  const active = Math.min(1, count / hoursPerMonth);
  return [
    ...stream,
    ...lambdaLines('adapter', { count, milliseconds, memoryMiB: adapterMemoryMiB }, list),
    costLine(
      'CloudWatch',
      'adapter: metrics of its mapping',
      assumed.mappingMetrics * active,
      prices.customMetric,
    ),
    costLine('CloudWatch', 'adapter: logs written', (count * logBytes) / gib, prices.logIngestion),
    ...(settings.alarms
      ? [costLine('CloudWatch', 'adapter: metrics under an alarm', alarmMetrics, prices.alarmMetric)]
      : []),
  ];
}

/** Each shard's go at an age, or when they are full. */
function batchesPerSecond(
  { shards, recordsPerSecond }: { readonly shards: number; readonly recordsPerSecond: number },
  { batchingWindowSeconds, batchSize }: Pick<Settings, 'batchingWindowSeconds' | 'batchSize'>,
): number {
  const perShard = recordsPerSecond / shards;
  const inTime = Math.min(perShard, 1 / Math.max(1, batchingWindowSeconds));
  return shards * Math.max(inTime, perShard / batchSize);
}

function busLines(
  { eventsPerSecond }: Traffic,
  { alarms }: Pick<Settings, 'alarms'>,
  { prices }: PriceList,
): CostLine[] {
  return [
    costLine('EventBridge', 'events published', eventsPerSecond * secondsPerMonth, prices.busEvent),
    ...(alarms ? [costLine('CloudWatch', 'bus: metrics under an alarm', 1, prices.alarmMetric)] : []),
  ];
}
