import {
  previousFrom,
  type RangeChoice,
  rangeAt,
  windowsFor,
  zoomed,
} from '../../dashboard/page/model/range';
import { formatWindow, windowMs } from '../../domain/counters/window';
import { timeZoneNamed } from '../../report/time-zone';

const { minute: minuteMs, hour: hourMs, day: dayMs } = windowMs;
const berlin = timeZoneNamed('Europe/Berlin')!;
const kolkata = timeZoneNamed('Asia/Kolkata')!;
/** A Saturday, 13:34 in Berlin and 18:04 in Kolkata. */
const now = Date.parse('2026-11-28T12:34:56Z');

const edges = (choice: RangeChoice, zone = berlin, at = now) => {
  const { from, to, window } = rangeAt(choice, at, zone);
  return [formatWindow(from), formatWindow(to), window];
};

describe('The range', () => {
  it.each([
    ['live', '2026-11-28T12:05:00Z', '2026-11-28T12:35:00Z', 'minute'],
    ['today', '2026-11-27T23:00:00Z', '2026-11-28T12:35:00Z', 'hour'],
    ['yesterday', '2026-11-26T23:00:00Z', '2026-11-27T23:00:00Z', 'hour'],
    ['24h', '2026-11-27T13:00:00Z', '2026-11-28T12:35:00Z', 'hour'],
    ['7d', '2026-11-21T23:00:00Z', '2026-11-28T12:35:00Z', 'hour'],
    ['30d', '2026-10-29T23:00:00Z', '2026-11-28T12:35:00Z', 'day'],
    ['month', '2026-10-31T23:00:00Z', '2026-11-28T12:35:00Z', 'day'],
  ] as const)('%s begins and ends by the clocks of the zone', (range, from, to, window) => {
    expect(edges({ range })).toEqual([from, to, window]);
  });

  it('begins with an hour of the zone, where its hours begin at half past', () => {
    expect(edges({ range: '24h' }, kolkata)[0]).toBe('2026-11-27T13:30:00Z');
  });

  it.each([
    ['2026-10-25T20:00:00Z', 25],
    ['2026-03-29T20:00:00Z', 23],
  ])('that is a day on which the clocks change (%s) is as long as the day', (at, hours) => {
    const { from, to } = rangeAt({ range: 'yesterday' }, Date.parse(at) + dayMs, berlin);
    expect((to - from) / hourMs).toBe(hours);
  });

  it('of two times is what was asked for, and is cut as was asked for if that gives a picture', () => {
    const [from, to] = [now - 3 * hourMs, now - 17 * minuteMs];
    expect(rangeAt({ range: 'custom', from, to }, now, berlin)).toEqual({ from, to, window: 'minute' });
    expect(rangeAt({ range: 'custom', from, to, window: 'hour' }, now, berlin).window).toBe('hour');
    expect(rangeAt({ range: 'custom', from, to, window: 'day' }, now, berlin).window).toBe('minute');
  });

  it('offers minutes for a day, and no minutes for a week', () => {
    expect(windowsFor({ from: now - dayMs, to: now })).toEqual(['hour', 'minute']);
    expect(windowsFor({ from: now - 7 * dayMs, to: now })).toEqual(['hour', 'day']);
    const ofMonth = windowsFor({ from: now - 30 * dayMs, to: now });
    expect(ofMonth.slice(0, 2)).toEqual(['day', 'hour']);
    expect(ofMonth).not.toContain('minute');
  });
});

describe('The range to compare with', () => {
  const startOf = (range: RangeChoice['range'], at = now) => {
    const choice = { range };
    return formatWindow(previousFrom(choice, rangeAt(choice, at, berlin), berlin));
  };

  it('of a part of a day is the same part of the day before, also if the clocks changed in between', () => {
    expect(startOf('today')).toBe('2026-11-26T23:00:00Z');
    expect(startOf('today', Date.parse('2026-10-26T08:00:00Z'))).toBe('2026-10-24T22:00:00Z');
  });

  it('of a week or a month begins a week or a month earlier', () => {
    expect(startOf('7d')).toBe('2026-11-14T23:00:00Z');
    expect(startOf('month')).toBe('2026-09-30T22:00:00Z');
  });

  it('of a day up to now is the same time the day before; of anything else, as long just before it', () => {
    expect(startOf('24h')).toBe('2026-11-26T13:00:00Z');
    expect(startOf('live')).toBe('2026-11-28T11:35:00Z');
  });
});

describe('Zooming', () => {
  it('out doubles the range, and goes no further than now', () => {
    const { from, to } = zoomed({ from: now - 10 * hourMs, to: now - hourMs }, 2, now);
    expect(to - from).toBe(18 * hourMs);
    expect(to).toBe(now);
  });

  it('in halves it around its middle, down to five minutes', () => {
    const from = Date.parse('2026-11-28T08:00:00Z');
    const half = zoomed({ from, to: from + 4 * hourMs }, 0.5, now);
    expect([half.from, half.to]).toEqual([from + hourMs, from + 3 * hourMs]);
    const least = zoomed({ from, to: from + 6 * minuteMs }, 0.5, now);
    expect(least.to - least.from).toBe(5 * minuteMs);
  });
});
