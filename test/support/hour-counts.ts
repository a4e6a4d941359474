import { seededRandom } from '../../domain/numbers/random';

const hourly = [4, 3, 2, 2, 2, 3, 5, 8, 11, 13, 14, 14, 14, 14, 14, 14, 14, 14, 15, 16, 14, 11, 8, 6];
const daily = [1, 1.1, 1.05, 1, 0.95, 0.7, 0.6];

/** Hours of a site with days and weeks, and some noise of its own: about `scale` clicks an hour. */
export function siteHours(seed: string, weeks: number, scale: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: weeks * 168 }, (_, hour) => {
    const usual = (scale * hourly[hour % 24]! * daily[Math.floor(hour / 24) % 7]!) / 10;
    const noise = random.float() + random.float() + random.float() - 1.5;
    return Math.max(Math.round(usual + noise * (Math.sqrt(usual) + 0.08 * usual)), 0);
  });
}

/** The same with hours from `at` on changed. */
export function changed(
  counts: readonly number[],
  at: number,
  hours: number,
  change: (count: number) => number,
): number[] {
  return counts.map((count, hour) => (hour >= at && hour < at + hours ? Math.round(change(count)) : count));
}
