import type { Settings } from '../../lib/settings';
import { type CostLine, costLine } from '../cost-line';
import { assumed, measured } from '../measured';
import type { PriceList } from '../prices';
import { gib, hoursPerMonth } from '../units';
import { cpuShare, lambdaLines } from './lambda';

/** Of the detector of anomalies, which reads five weeks once an hour and looks four times. */
export function anomaliesLines(
  shards: number,
  { anomalies, uniqueVisitors }: Pick<Settings, 'anomalies' | 'uniqueVisitors'>,
  list: PriceList,
): CostLine[] {
  if (!anomalies) return [];
  const { perHour, readUnitsPerShard, memoryMiB, turnsPerHour } = measured.anomalies;
  const { logBytes, embeddedMetrics, alarmMetrics } = measured.anomalies;
  const { prices } = list;
  const count = turnsPerHour * hoursPerMonth;
  const milliseconds = Math.ceil(
    (shards * perHour) / turnsPerHour / cpuShare(memoryMiB) + assumed.tableLatencyMs,
  );
  return [
    ...lambdaLines('anomalies', { count, milliseconds, memoryMiB }, list),
    costLine(
      'DynamoDB',
      'anomalies: reads',
      shards * readUnitsPerShard * hoursPerMonth,
      prices.tableReadUnit,
    ),
    costLine('CloudWatch', 'anomalies: metrics', embeddedMetrics, prices.customMetric),
    costLine('CloudWatch', 'anomalies: logs written', (count * logBytes) / gib, prices.logIngestion),
    costLine(
      'CloudWatch',
      'anomalies: metrics under an alarm',
      alarmMetrics - (uniqueVisitors === 'off' ? 1 : 0),
      prices.alarmMetric,
    ),
  ];
}
