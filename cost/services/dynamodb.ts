import { type RetentionSettings, retentionDaysOf } from '../../domain/counters/retention';
import { byWindowSize, windowSizes } from '../../domain/counters/window';
import type { Settings } from '../../lib/settings';
import { type CostLine, costLine } from '../cost-line';
import type { PriceList } from '../prices';
import type { Lifetime, ShardHour, TablePart } from '../shard-hour';
import { gib, hoursPerDay, hoursPerMonth } from '../units';

const drivers: Readonly<Record<TablePart, string>> = {
  deltas: 'log: a delta a batch',
  ids: 'log: ids, for duplicates',
  ...byWindowSize((size) => `counters by ${size}`),
  visitors: 'distinct visitors',
};

/**
 * @param shard what the table does for one shard in an hour
 * @param month how many months the pipeline has run for, at the end of the one that is billed
 */
export function dynamodbLines(
  shards: number,
  shard: ShardHour,
  settings: RetentionSettings & Pick<Settings, 'logDays'>,
  month: number,
  { prices }: PriceList,
): CostLine[] {
  const line = costLine.bind(undefined, 'DynamoDB');
  const lifetimeDays: Readonly<Record<Lifetime, number>> = {
    log: settings.logDays,
    ...retentionDaysOf(settings),
  };
  const keptOf = (lifetime: Lifetime): number => {
    const hours = Math.min(lifetimeDays[lifetime] * hoursPerDay, month * hoursPerMonth);
    return (shards * shard.storedBytes[lifetime] * hours) / gib;
  };
  const log = keptOf('log');
  const items = windowSizes.reduce((sum, size) => sum + keptOf(size), 0);
  return [
    ...Object.entries(drivers).map(([part, driver]) =>
      line(driver, shards * shard.writeUnits[part as TablePart] * hoursPerMonth, prices.tableWriteUnit),
    ),
    line('reads of the compactor', shards * shard.readUnits * hoursPerMonth, prices.tableReadUnit),
    line('log kept', log, prices.tableStorage),
    line('items kept', items, prices.tableStorage),
    line('point-in-time recovery', log + items, prices.tablePointInTimeRecovery),
  ];
}
