import type { Settings } from '../../lib/settings';
import { type CostLine, costLine } from '../cost-line';
import { assumed, measured } from '../measured';
import type { PriceList } from '../prices';
import { gib, hoursPerDay, hoursPerMonth } from '../units';

/**
 * Metrics are charged by the hours in which they get data, so that an idle pipeline has none but those of shards.
 *
 * @param invocations of each function, in a month
 */
export function cloudWatchLines(
  invocations: { readonly aggregator: number; readonly transformer: number },
  shards: number,
  settings: Pick<Settings, 'shardLevelMetrics' | 'logRetentionDays'>,
  month: number,
  { prices }: PriceList,
): CostLine[] {
  const line = costLine.bind(undefined, 'CloudWatch');
  const share = (count: number): number => Math.min(1, count / hoursPerMonth);
  const functionMetrics =
    measured.embeddedMetrics.aggregator * share(invocations.aggregator) +
    measured.embeddedMetrics.transformer * share(invocations.transformer);
  const mappingMetrics = assumed.mappingMetrics * share(invocations.aggregator);
  const logged =
    (invocations.aggregator * measured.logBytes.aggregator +
      invocations.transformer * measured.logBytes.transformer) /
    gib;
  const months = Math.min((settings.logRetentionDays * hoursPerDay) / hoursPerMonth, month);
  return [
    line('metrics of the functions', functionMetrics, prices.customMetric),
    line('metrics of the event source mapping', mappingMetrics, prices.customMetric),
    ...(settings.shardLevelMetrics
      ? [line(`metrics of ${shards} shards`, assumed.shardMetrics * shards, prices.customMetric)]
      : []),
    line('logs written', logged, prices.logIngestion),
    line('logs kept', logged * months, prices.logStorage),
  ];
}
