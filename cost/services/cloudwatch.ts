import type { Settings } from '../../lib/settings';
import { type CostLine, costLine } from '../cost-line';
import { assumed, measured } from '../measured';
import type { PriceList } from '../prices';
import { gib, hoursPerDay, hoursPerMonth } from '../units';

const functionNames = ['aggregator', 'compactor', 'transformer'] as const;
export type FunctionName = (typeof functionNames)[number];

/**
 * Metrics are charged by the hours in which they get data, so that an idle pipeline has none but those of
 * shards, and of the compactor, whose schedule goes on.
 *
 * @param invocations of each function, in a month
 */
export function cloudWatchLines(
  invocations: Readonly<Record<FunctionName, number>>,
  shards: number,
  settings: Pick<
    Settings,
    'shardLevelMetrics' | 'logRetentionDays' | 'alarms' | 'alarmEmail' | 'heartbeatMinutes'
  >,
  month: number,
  { prices }: PriceList,
): CostLine[] {
  const line = costLine.bind(undefined, 'CloudWatch');
  const share = (count: number): number => Math.min(1, count / hoursPerMonth);
  const overFunctions = (of: (name: FunctionName) => number): number =>
    functionNames.reduce((sum, name) => sum + of(name), 0);
  const functionMetrics = overFunctions((name) => measured.embeddedMetrics[name] * share(invocations[name]));
  const mappingMetrics = assumed.mappingMetrics * share(invocations.aggregator);
  const logged = overFunctions((name) => invocations[name] * measured.logBytes[name]) / gib;
  const { always, heartbeat } = measured.alarmMetrics;
  const alarmMetrics = always + (settings.heartbeatMinutes > 0 ? heartbeat : 0);
  const months = Math.min((settings.logRetentionDays * hoursPerDay) / hoursPerMonth, month);
  return [
    line('metrics of the functions', functionMetrics, prices.customMetric),
    line('metrics of the event source mapping', mappingMetrics, prices.customMetric),
    ...(settings.shardLevelMetrics
      ? [line(`metrics of ${shards} shards`, assumed.shardMetrics * shards, prices.customMetric)]
      : []),
    ...(settings.alarms
      ? [
          line('metrics under an alarm', alarmMetrics, prices.alarmMetric),
          line('dashboard', 1, prices.dashboard),
        ]
      : []),
    line('logs written', logged, prices.logIngestion),
    line('logs kept', logged * months, prices.logStorage),
    ...(settings.alarms && settings.alarmEmail !== ''
      ? [costLine('SNS', 'messages of alarms', assumed.alarmMails, prices.email)]
      : []),
  ];
}
