import type { SiteModel } from './site-model';

const minutesPerDay = 1440;
const minuteMs = 60_000;

/** What a minute of the day is like on a site. */
export interface SiteMinute {
  readonly eventsPerSecond: number;
  /** Where sessions begin during a burst that has a page. */
  readonly landing: string | undefined;
}

/** Each minute of a day, from 00:00 UTC on: the mean rate, shaped by the diurnal curve, times the bursts' factors. */
export function siteMinutes({ eventsPerSecond, diurnal, bursts }: SiteModel): readonly SiteMinute[] {
  const mean = diurnal.reduce((sum, hour) => sum + hour, 0) / diurnal.length;
  const rates = Array.from(
    { length: minutesPerDay },
    (_, minute) => (eventsPerSecond * diurnal[Math.floor(minute / 60)]!) / mean,
  );
  const landings = new Array<string | undefined>(minutesPerDay).fill(undefined);
  for (const { at, minutes, factor, page } of bursts) {
    const start = Number(at.slice(0, 2)) * 60 + Number(at.slice(3));
    for (let i = 0; i < minutes; i++) {
      const minute = (start + i) % minutesPerDay;
      rates[minute]! *= factor;
      landings[minute] = page ?? landings[minute];
    }
  }
  return rates.map((rate, minute) => ({ eventsPerSecond: rate, landing: landings[minute] }));
}

/** The minute of the day that an instant (epoch milliseconds) lies in. */
export function minuteOf(at: number): number {
  return Math.floor(at / minuteMs) % minutesPerDay;
}

/**
 * When a site's events happen: the first at `start`, the others as far apart as the rate of each minute says. The
 * times (epoch milliseconds) never go back, and depend on the model and the start alone.
 */
export function createSiteTimes(minutes: readonly SiteMinute[], start: number): { next(): number } {
  let time = start;
  let first = true;
  return {
    next() {
      if (first) {
        first = false;
        return Math.round(time);
      }
      // A step may reach across minutes of another rate, or across hours without any event.
      for (let missing = 1; ; ) {
        const perMs = minutes[minuteOf(time)]!.eventsPerSecond / 1000;
        const minuteEnd = (Math.floor(time / minuteMs) + 1) * minuteMs;
        if (time + missing / perMs <= minuteEnd) {
          time += missing / perMs;
          return Math.round(time);
        }
        missing -= (minuteEnd - time) * perMs;
        time = minuteEnd;
      }
    },
  };
}
