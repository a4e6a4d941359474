import type { Settings } from '../../lib/settings';
import { type CostLine, costLine } from '../cost-line';
import type { Traffic } from '../flow';
import { measured } from '../measured';
import type { Price, PriceList } from '../prices';
import { gib, hoursPerDay, hoursPerMonth, kib, mib, secondsPerHour, secondsPerMonth } from '../units';

type ArchiveTraffic = Pick<Traffic, 'eventsPerSecond' | 'eventBytes'>;

type ArchiveSettings = Pick<
  Settings,
  | 'archiveBufferSeconds'
  | 'archiveBufferMiB'
  | 'archiveInfrequentAccessDays'
  | 'archiveGlacierDays'
  | 'archiveExpiryDays'
>;

/** What S3 leaves where it is (AWS docs: Transitioning objects using Amazon S3 Lifecycle, minimum size). */
const leastMovedBytes = 128 * kib;

/** Objects that Firehose writes in a month: each at its size, before compression, or at its age. */
export function archiveObjects(
  { eventsPerSecond, eventBytes }: ArchiveTraffic,
  settings: ArchiveSettings,
): number {
  if (eventsPerSecond === 0) return 0;
  const lineBytes = eventBytes + measured.archive.addedBytes;
  // The age counts from the first event.
  const inTime = 1 + eventsPerSecond * settings.archiveBufferSeconds;
  const events = Math.max(1, Math.min(inTime, (settings.archiveBufferMiB * mib) / lineBytes));
  return (eventsPerSecond / events) * secondsPerMonth;
}

/**
 * @param month how many months the pipeline has run for, at the end of the one that is billed
 * @param of what the lines begin with, and what compression leaves of a byte
 */
export function s3Lines(
  traffic: ArchiveTraffic,
  settings: ArchiveSettings,
  month: number,
  { prices }: PriceList,
  of = { prefix: '', compressed: measured.archive.compressed as number },
): CostLine[] {
  const line = (driver: string, quantity: number, price: Price) =>
    costLine('S3', `${of.prefix}${driver}`, quantity, price);
  const objects = archiveObjects(traffic, settings);
  const { addedBytes } = measured.archive;
  const bytesAnHour =
    traffic.eventsPerSecond * secondsPerHour * (traffic.eventBytes + addedBytes) * of.compressed;

  const oldest = Math.min(month * hoursPerMonth, ageInHours(settings.archiveExpiryDays));
  // All objects of a steady stream have one size.
  const moves = objects > 0 && (bytesAnHour * hoursPerMonth) / objects >= leastMovedBytes;
  const movedAt = (days: number): number => (moves ? Math.min(oldest, ageInHours(days)) : oldest);
  const cold = movedAt(settings.archiveGlacierDays);
  const cool = Math.min(cold, movedAt(settings.archiveInfrequentAccessDays));
  const kept = (hours: number): number => (bytesAnHour * hours) / gib;
  /** Objects that come to an age in this month; in the first months of a pipeline not all of a month's do. */
  const comingTo = (hours: number): number =>
    objects * Math.min(1, (month * hoursPerMonth - hours) / hoursPerMonth);
  return [
    line('objects written', objects, prices.objectPut),
    line('kept in Standard', kept(cool), prices.objectStandard),
    ...(cool < cold
      ? [
          line('moved to Standard-IA', comingTo(cool), prices.objectToInfrequentAccess),
          line('kept in Standard-IA', kept(cold - cool), prices.objectInfrequentAccess),
        ]
      : []),
    ...(cold < oldest
      ? [
          line('moved to Glacier', comingTo(cold), prices.objectToGlacier),
          line('kept in Glacier', kept(oldest - cold), prices.objectGlacier),
        ]
      : []),
  ];
}

/** 0 days mean never. */
function ageInHours(days: number): number {
  return days === 0 ? Number.POSITIVE_INFINITY : days * hoursPerDay;
}
