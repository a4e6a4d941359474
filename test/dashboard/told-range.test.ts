import fc from 'fast-check';
import { previousFrom, type RangeChoice } from '../../dashboard/page/model/range';
import { keptWindow, toldRange } from '../../dashboard/page/model/told-range';
import { formatWindow, windowMs } from '../../domain/counters/window';
import { timeZoneNamed } from '../../report/time-zone';
import { apiBench } from '../query/api-bench';
import { retentionDays } from '../support/retention-factory';

/** A Saturday, 18:04 in Kolkata. */
const now = Date.parse('2026-11-28T12:34:00Z');
const days = (minute: number) => retentionDays({ minute, hour: 60, day: 90 });
const told = (range: RangeChoice['range'], zone: string, minute?: number) => {
  const kept = minute === undefined ? undefined : days(minute);
  const { isKnown, missing, ...shown } = toldRange({ range }, now, timeZoneNamed(zone)!, kept);
  return isKnown ? [shown.zone.name, formatWindow(shown.range.from), missing] : undefined;
};

describe('The range that is shown', () => {
  it('is of the zone, as long as the hours are kept that its days are added up from', () => {
    expect(told('30d', 'Europe/Berlin', 7)).toEqual(['Europe/Berlin', '2026-10-29T23:00:00Z', undefined]);
    const berlin = timeZoneNamed('Europe/Berlin')!;
    const kept = retentionDays({ minute: 7, hour: 20, day: 90 });
    const { range, zone, missing } = toldRange({ range: '30d' }, now, berlin, kept);
    expect([formatWindow(range.from), zone.name]).toEqual(['2026-10-30T00:00:00Z', 'UTC']);
    expect(missing).toEqual({ size: 'hour', days: 20 });
  });

  it('is of UTC, of which days are kept as such, however long hours are', () => {
    expect(told('30d', 'UTC', 1)).toEqual(['UTC', '2026-10-30T00:00:00Z', undefined]);
    expect(told('30d', 'UTC')).toEqual(['UTC', '2026-10-30T00:00:00Z', undefined]);
  });

  it.each([
    ['live', 'Asia/Kolkata', undefined, 'Asia/Kolkata'],
    ['7d', 'Asia/Kolkata', undefined, undefined],
    ['7d', 'Europe/Berlin', undefined, 'Europe/Berlin'],
    ['7d', 'Asia/Kolkata', 7, 'Asia/Kolkata'],
    ['7d', 'Pacific/Chatham', 7, 'Pacific/Chatham'],
    ['30d', 'Asia/Kolkata', 7, 'UTC'],
    ['30d', 'Pacific/Chatham', 29, 'UTC'],
    ['30d', 'Asia/Kolkata', 30, 'Asia/Kolkata'],
    ['30d', 'Asia/Kolkata', 0, 'Asia/Kolkata'],
  ] as const)('%s in %s, with minutes of %s days, is of %s', (range, asked, minute, shown) => {
    expect(told(range, asked, minute)?.[0]).toBe(shown);
  });

  it('is of days of UTC where those of the zone cannot be counted, and says of what they would be', () => {
    expect(told('30d', 'Asia/Kolkata', 7)).toEqual([
      'UTC',
      '2026-10-30T00:00:00Z',
      { size: 'minute', days: 7 },
    ]);
  });

  it('of two times is widened to whole hours then', () => {
    const times = { from: Date.parse('2026-10-01T18:30Z'), to: Date.parse('2026-10-02T18:30Z') };
    const { range } = toldRange({ range: 'custom', ...times }, now, timeZoneNamed('Asia/Kolkata')!, days(7));
    expect([range.from, range.to].map(formatWindow)).toEqual([
      '2026-10-01T18:00:00Z',
      '2026-10-02T19:00:00Z',
    ]);
  });

  it('is one that the API does not refuse, wherever one is and however long minutes are kept', async () => {
    const choices = fc.oneof(
      fc.record({
        range: fc.constantFrom<RangeChoice['range']>(
          'live',
          'today',
          'yesterday',
          '24h',
          '7d',
          '30d',
          'month',
        ),
      }),
      fc
        .tuple(fc.integer({ min: 10, max: 86_000 }), fc.integer({ min: 5, max: 50_000 }))
        .map(([ago, length]) => {
          const from = now - ago * windowMs.minute;
          return { range: 'custom' as const, from, to: from + length * windowMs.minute };
        }),
    );
    const zones = fc.constantFrom('Asia/Kolkata', 'America/St_Johns', 'Pacific/Chatham', 'Europe/Berlin');
    await fc.assert(
      fc.asyncProperty(
        choices,
        zones,
        fc.constantFrom(1, 7, 30),
        fc.boolean(),
        async (choice, name, minute, compare) => {
          const kept = days(minute);
          const { range, zone } = toldRange(choice, now, timeZoneNamed(name)!, kept);
          const bench = apiBench({
            now: now + 45_000,
            settings: { uniqueVisitors: 'total', retentionDays: kept },
          });
          const { from, to } = range;
          const before = previousFrom(choice, range, zone);
          const query = new URLSearchParams({
            ...{ from: formatWindow(from), to: formatWindow(to), zone: zone.name },
            window: keptWindow(range, now, kept),
            ...(compare && { compare: before === from - (to - from) ? 'previous' : formatWindow(before) }),
          });
          for (const path of ['series', 'top', 'uniques']) {
            const { status, body } = await bench.ask(`/api/${path}?${query}`);
            expect([path, status, body.slice(0, 200)]).toEqual([path, 200, expect.anything()]);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
