import type { Settings } from '../../lib/settings';
import { type CostLine, costLine } from '../cost-line';
import { assumed, measured } from '../measured';
import type { PriceList } from '../prices';
import { gib } from '../units';
import { cpuShare, lambdaLines } from './lambda';

/**
 * Of the collector, if all events come by it, a request each. What its salts cost, a few reads a day for each environment,
 * rounds to nothing.
 *
 * @param events in a month
 */
export function collectorLines(
  events: number,
  settings: Pick<Settings, 'collector' | 'collectorMemoryMiB' | 'collectorCloudFront' | 'alarms'>,
  list: PriceList,
): CostLine[] {
  const { collector, collectorMemoryMiB, collectorCloudFront, alarms } = settings;
  if (!collector) return [];
  const { perRequest, logBytes, alarmMetrics } = measured.collector;
  const milliseconds = Math.ceil(perRequest / 1_000 / cpuShare(collectorMemoryMiB) + assumed.streamLatencyMs);
  const { prices } = list;
  return [
    ...lambdaLines('collector', { count: events, milliseconds, memoryMiB: collectorMemoryMiB }, list),
    costLine('CloudWatch', 'collector: logs written', (events * logBytes) / gib, prices.logIngestion),
    ...(collectorCloudFront === 'off'
      ? []
      : [
          costLine('CloudFront', 'collector: requests', events, prices.cloudFrontRequest),
          costLine('Secrets Manager', 'collector: secret', 1, prices.secret),
        ]),
    ...(alarms
      ? [costLine('CloudWatch', 'collector: metrics under an alarm', alarmMetrics, prices.alarmMetric)]
      : []),
  ];
}
