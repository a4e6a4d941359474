import type { Settings } from '../../lib/settings';
import { type CostLine, costLine } from '../cost-line';
import type { PriceList } from '../prices';
import type { Counted, PartName } from '../table/simulation';
import type { Lifetime } from '../table/table-part';
import { gib, hoursPerDay, hoursPerMonth, secondsPerHour } from '../units';

const names: Readonly<Record<PartName, string>> = {
  counters: 'counters',
  recentEvents: 'recent events',
  uniqueVisitors: 'distinct visitors',
};

/**
 * @param shard what one shard has the aggregator do in an hour
 * @param month how many months the pipeline has run for, at the end of the one that is billed
 */
export function dynamodbLines(
  shards: number,
  shard: Counted,
  settings: Pick<
    Settings,
    'minuteRetentionDays' | 'hourRetentionDays' | 'deduplicationSeconds' | 'streamRetentionHours'
  >,
  month: number,
  { prices }: PriceList,
): CostLine[] {
  const line = costLine.bind(undefined, 'DynamoDB');
  const parts = Object.entries(shard.parts).map(([name, charges]) => ({
    name: name as PartName,
    ...charges,
  }));
  const lifetimeHours: Readonly<Record<Lifetime, number>> = {
    minute: settings.minuteRetentionDays * hoursPerDay,
    hour: settings.hourRetentionDays * hoursPerDay,
    // As long as the stream may deliver an event again, and the horizon before it.
    recent: settings.streamRetentionHours + settings.deduplicationSeconds / secondsPerHour,
  };
  let gigabytes = 0;
  for (const { storedBytes } of parts) {
    for (const lifetime of ['minute', 'hour', 'recent'] as const) {
      const hours = Math.min(lifetimeHours[lifetime], month * hoursPerMonth);
      gigabytes += (shards * storedBytes[lifetime] * hours) / gib;
    }
  }
  const reads = parts.reduce((sum, { readUnits }) => sum + readUnits, 0);
  return [
    ...parts
      .filter(({ name, writes }) => name === 'counters' || writes > 0)
      .map(({ name, writes, writeUnits }) =>
        line(
          `${names[name]}: ${(shard.batches === 0 ? 0 : writes / shard.batches).toFixed(1)} writes a batch`,
          shards * writeUnits * hoursPerMonth,
          prices.tableWriteUnit,
        ),
      ),
    line('reads of the aggregator', shards * reads * hoursPerMonth, prices.tableReadUnit),
    line('items kept', gigabytes, prices.tableStorage),
    line('point-in-time recovery', gigabytes, prices.tablePointInTimeRecovery),
  ];
}
