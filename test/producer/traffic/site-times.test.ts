import { defaultSite } from '../../../producer/traffic/default-site';
import type { SiteModel } from '../../../producer/traffic/site-model';
import { createSiteTimes, minuteOf, siteMinutes } from '../../../producer/traffic/site-times';

const midnight = Date.UTC(2026, 4, 4);
const hourMs = 3_600_000;

function timesUntil(site: Partial<SiteModel>, end: number, start = midnight): number[] {
  const times = createSiteTimes(siteMinutes({ ...defaultSite, ...site }), start);
  const all: number[] = [];
  for (let at = times.next(); at < end; at = times.next()) all.push(at);
  return all;
}

const between = (times: readonly number[], from: number, to: number) =>
  times.filter((at) => at >= from && at < to).length;

describe('the times of a site', () => {
  it('are a second apart in the built-in one', () => {
    const times = timesUntil({}, midnight + 2 * hourMs);

    expect(times).toEqual(Array.from({ length: 7200 }, (_, index) => midnight + index * 1000));
  });

  it('follow the diurnal curve, which leaves the mean of the day', () => {
    const diurnal = Array.from({ length: 24 }, (_, hour) => (hour < 8 ? 0 : hour));
    const times = timesUntil({ eventsPerSecond: 0.5, diurnal }, midnight + 24 * hourMs);

    expect(Math.abs(times.length - 43_200)).toBeLessThanOrEqual(2);
    expect(between(times, midnight + 1, midnight + 8 * hourMs)).toBe(0);
    const [at10, at20] = [10, 20].map((hour) =>
      between(times, midnight + hour * hourMs, midnight + (hour + 1) * hourMs),
    );
    expect(at20! / at10!).toBeCloseTo(2, 2);
  });

  it('come thicker in a burst, every day, also across midnight', () => {
    const bursts = [{ at: '23:55', minutes: 10, factor: 6 }];
    const times = timesUntil({ bursts }, midnight + 26 * hourMs, midnight + 12 * hourMs);

    expect(between(times, midnight + 24 * hourMs - 300_000, midnight + 24 * hourMs + 300_000)).toBe(3600);
    expect(between(times, midnight + 25 * hourMs, midnight + 26 * hourMs)).toBe(3600);
  });

  it('do not step over a burst, however rare they are before it', () => {
    const bursts = [{ at: '06:00', minutes: 1, factor: 10_000 }];
    const times = timesUntil({ eventsPerSecond: 1 / 86_400, bursts }, midnight + 24 * hourMs);

    expect(between(times, midnight + 6 * hourMs, midnight + 6 * hourMs + 60_000)).toBeGreaterThanOrEqual(6);
  });

  it('never go back', () => {
    const diurnal = Array.from({ length: 24 }, (_, hour) => (hour % 3) + 0.1);
    const times = timesUntil({ eventsPerSecond: 7, diurnal }, midnight + 3 * hourMs);

    expect([...times].sort((a, b) => a - b)).toEqual(times);
  });

  it('know where sessions begin during a burst', () => {
    const minutes = siteMinutes({
      ...defaultSite,
      bursts: [{ at: '10:00', minutes: 2, factor: 3, page: '/cart' }],
    });
    const landings = ['09:59', '10:00', '10:01', '10:02'].map(
      (time) => minutes[minuteOf(Date.parse(`2026-05-04T${time}:59Z`))]?.landing,
    );

    expect(landings).toEqual([undefined, '/cart', '/cart', undefined]);
  });
});
