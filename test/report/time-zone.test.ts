import fc from 'fast-check';
import { type TimeZone, timeZoneNamed } from '../../report/time-zone';

const zone = (name: string): TimeZone => timeZoneNamed(name)!;
const instant = (text: string): number => Date.parse(text);

describe('a time zone', () => {
  it.each([
    ['Europe/Berlin', '2026-01-31T12:00Z', '2026-01-31T13:00:00+01:00'],
    ['Europe/Berlin', '2026-07-31T12:00Z', '2026-07-31T14:00:00+02:00'],
    ['America/New_York', '2026-01-31T03:00Z', '2026-01-30T22:00:00-05:00'],
    ['Asia/Kolkata', '2026-01-31T18:30Z', '2026-02-01T00:00:00+05:30'],
    ['Asia/Kathmandu', '2026-01-31T18:15Z', '2026-02-01T00:00:00+05:45'],
    ['Pacific/Chatham', '2026-01-31T00:00Z', '2026-01-31T13:45:00+13:45'],
    ['UTC', '2026-01-31T12:00Z', '2026-01-31T12:00:00+00:00'],
  ])('of %s shows %s as %s', (name, at, shown) => {
    expect(zone(name).format(instant(at))).toBe(shown);
  });

  it('shows the hour twice when clocks are put back, and not at all when they are put forward', () => {
    const berlin = zone('Europe/Berlin');
    const hours = (from: string, count: number) =>
      Array.from({ length: count }, (_, hour) => berlin.format(instant(from) + hour * 3_600_000).slice(11));

    expect(hours('2026-10-24T23:00Z', 3)).toEqual(['01:00:00+02:00', '02:00:00+02:00', '02:00:00+01:00']);
    expect(hours('2026-03-29T00:00Z', 2)).toEqual(['01:00:00+01:00', '03:00:00+02:00']);
  });

  it.each([
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00Z'],
    ['Europe/Berlin', '2026-10-26', '2026-10-25T23:00Z'],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00Z'],
    ['Asia/Kathmandu', '2026-01-31', '2026-01-30T18:15Z'],
    // Clocks go from midnight to one, so that the date begins at one.
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00Z'],
  ])('of %s begins %s at %s', (name, date, at) => {
    expect(zone(name).startOfDate(date)).toBe(instant(at));
  });

  it('begins a date with the first instant that shows it', () => {
    const names = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const days = fc.integer({ min: 10_957, max: 22_000 });
    fc.assert(
      fc.property(names, days, (name, day) => {
        const here = zone(name);
        const date = here.dateAt(day * 86_400_000);
        const start = here.startOfDate(date);
        expect(here.dateAt(start)).toBe(date);
        expect(here.dateAt(start - 1)).not.toBe(date);
      }),
    );
  });

  it.each(['Mars/Olympus', '', 'Berlin'])('is not %j', (name) => {
    expect(timeZoneNamed(name)).toBeUndefined();
  });
});
