import fc from 'fast-check';
import { windowMs, windowStart } from '../../domain/counters/window';
import { boundBefore, coverOf } from '../../report/cover';

const at = (text: string) => Date.parse(text);
const shown = (ranges: ReturnType<typeof coverOf>) =>
  ranges.map(({ size, from, to }) => {
    const [start, end] = [from, to].map((ms) => new Date(ms).toISOString().slice(5, 16));
    return `${size} ${start} ${end}`;
  });

describe('the cover of an interval', () => {
  it('has minutes up to an hour, hours up to a day, and days between', () => {
    expect(shown(coverOf([at('2026-03-01T22:58Z'), at('2026-03-04T01:02Z')]))).toEqual([
      'minute 03-01T22:58 03-01T23:00',
      'hour 03-01T23:00 03-02T00:00',
      'day 03-02T00:00 03-04T00:00',
      'hour 03-04T00:00 03-04T01:00',
      'minute 03-04T01:00 03-04T01:02',
    ]);
  });

  it('crosses no bound between, and has no size that is not counted', () => {
    const bounds = [at('2026-03-01T00:00Z'), at('2026-03-01T12:00Z'), at('2026-03-03T00:00Z')];
    expect(shown(coverOf(bounds))).toEqual(['hour 03-01T00:00 03-02T00:00', 'day 03-02T00:00 03-03T00:00']);
    expect(shown(coverOf(bounds, ['hour']))).toEqual(['hour 03-01T00:00 03-03T00:00']);
    expect(() => coverOf([0, windowMs.minute], ['hour', 'day'])).toThrow('no whole number of windows');
  });

  it('is the intervals, each minute once, by whole windows', () => {
    const bound = fc.integer({ min: 0, max: 4 * 1_440 }).map((minutes) => minutes * windowMs.minute);
    fc.assert(
      fc.property(fc.uniqueArray(bound, { minLength: 2, maxLength: 6 }), (unsorted) => {
        const bounds = unsorted.sort((a, b) => a - b);
        let end = bounds[0]!;
        for (const { size, from, to } of coverOf(bounds)) {
          expect([from, windowStart(size, from), windowStart(size, to)]).toEqual([end, from, to]);
          for (let start = from; start < to; start += windowMs[size]) {
            expect(boundBefore(bounds, start)).toBe(boundBefore(bounds, start + windowMs[size] - 1));
          }
          end = to;
        }
        expect(end).toBe(bounds.at(-1));
      }),
    );
  });
});

describe('the bound before an instant', () => {
  it('is the last one at it or before it', () => {
    expect([9, 10, 19, 20, 99].map((instant) => boundBefore([10, 20, 30], instant))).toEqual([
      undefined,
      10,
      10,
      20,
      30,
    ]);
  });
});
