import type { Settings } from '../../lib/settings';
import { type CostLine, costLine } from '../cost-line';
import type { PriceList } from '../prices';
import type { Counted } from '../table/simulation';
import { gib, hoursPerDay, hoursPerMonth } from '../units';

/**
 * @param shard what one shard writes in an hour
 * @param month how many months the pipeline has run for, at the end of the one that is billed
 */
export function dynamodbLines(
  shards: number,
  shard: Counted,
  settings: Pick<Settings, 'minuteRetentionDays' | 'hourRetentionDays'>,
  month: number,
  { prices }: PriceList,
): CostLine[] {
  const line = costLine.bind(undefined, 'DynamoDB');
  const kept = (bytesAnHour: number, days: number): number =>
    (shards * bytesAnHour * Math.min(days * hoursPerDay, month * hoursPerMonth)) / gib;
  const gigabytes =
    kept(shard.storedBytes.minute, settings.minuteRetentionDays) +
    kept(shard.storedBytes.hour, settings.hourRetentionDays);
  const updates = shard.batches === 0 ? 0 : shard.writes / shard.batches;
  return [
    line(
      `updates a batch: ${updates.toFixed(1)}`,
      shards * shard.writeUnits * hoursPerMonth,
      prices.tableWriteUnit,
    ),
    line('items kept', gigabytes, prices.tableStorage),
    line('point-in-time recovery', gigabytes, prices.tablePointInTimeRecovery),
  ];
}
