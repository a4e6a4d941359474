import fc from 'fast-check';
import { historyHours } from '../../../domain/anomalies/baseline';
import { episodesOf } from '../../../domain/anomalies/episodes';
import { seededRandom } from '../../../domain/numbers/random';
import { changed, siteHours } from '../../support/hour-counts';

const weeks = 6;
const judgedFrom = 5 * 168;
const seeds = fc.nat().map((number) => `site ${number}`);
const hourOfDay = fc.integer({ min: 9, max: 18 });
const day = fc.integer({ min: 0, max: 5 });
const runs = { numRuns: 20 };

function at(onDay: number, hour: number): number {
  return judgedFrom + onDay * 24 + hour;
}

describe('the episodes of a series of hours', () => {
  it('are none of a constant series, whatever its height', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 500 }), (count, length) => {
        expect(episodesOf({ counts: Array(length).fill(count) }, 0)).toEqual([]);
      }),
      runs,
    );
  });

  it('are none of a series that repeats every week', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { minLength: 168, maxLength: 168 }), (week) => {
        const counts = Array.from({ length: 4 * 168 }, (_, hour) => week[hour % 168]!);
        expect(episodesOf({ counts }, 2 * 168 + 2)).toEqual([]);
      }),
      runs,
    );
  });

  it('find a rise to four times, from its second hour on, as high', () => {
    fc.assert(
      fc.property(seeds, day, hourOfDay, (seed, onDay, hour) => {
        const from = at(onDay, hour);
        const counts = changed(siteHours(seed, weeks, 400), from, 3, (count) => 4 * count);
        const found = episodesOf({ counts }, judgedFrom).filter(
          (one) => one.from <= from + 1 && one.to >= from + 3,
        );
        expect(found).toHaveLength(1);
        expect(found[0]).toMatchObject({ direction: 'high' });
        expect(found[0]!.count).toBeGreaterThan(2 * found[0]!.expected);
      }),
      runs,
    );
  });

  it('find a single hour without any click, as low', () => {
    fc.assert(
      fc.property(seeds, day, hourOfDay, (seed, onDay, hour) => {
        const from = at(onDay, hour);
        const counts = changed(siteHours(seed, weeks, 400), from, 1, () => 0);
        expect(episodesOf({ counts: counts.slice(0, from + 1) }, from)).toMatchObject([
          { direction: 'low', from, to: from + 1, count: 0 },
        ]);
      }),
      runs,
    );
  });

  it('are the same of twice the clicks, once chance plays no part', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 2, max: 50 }), (seed, factor) => {
        // So many clicks that what is usual varies far more than chance does.
        const counts = changed(siteHours(seed, weeks, 400_000), at(2, 12), 4, (count) => 3 * count);
        const whole = episodesOf({ counts }, judgedFrom);
        const times = episodesOf({ counts: counts.map((count) => factor * count) }, judgedFrom);
        expect(whole.length).toBeGreaterThan(0);
        expect(times.map(({ from, to }) => [from, to])).toEqual(whole.map(({ from, to }) => [from, to]));
      }),
      runs,
    );
  });

  it('never become fewer hours when every count is multiplied', () => {
    const hoursIn = (counts: readonly number[]) =>
      episodesOf({ counts }, judgedFrom).flatMap(({ from, to }) =>
        Array.from({ length: to - from }, (_, hour) => from + hour),
      );
    fc.assert(
      fc.property(seeds, fc.integer({ min: 2, max: 50 }), hourOfDay, (seed, factor, hour) => {
        const counts = changed(siteHours(seed, weeks, 8), at(1, hour), 3, (count) => 5 * count + 20);
        const times = hoursIn(counts.map((count) => factor * count));
        expect(times).toEqual(expect.arrayContaining(hoursIn(counts)));
      }),
      runs,
    );
  });

  it('of an hour rest on nothing that follows, nor on what is older than the history', () => {
    fc.assert(
      fc.property(seeds, day, hourOfDay, fc.nat(10_000), (seed, onDay, hour, other) => {
        const end = at(onDay, hour);
        const counts = changed(siteHours(seed, weeks, 400), end - 2, 2, (count) => 3 * count);
        const judged = episodesOf({ counts: counts.slice(0, end) }, end - 1);
        const longer = episodesOf({ counts: [...counts.slice(0, end), other, other] }, end - 1);
        expect(longer.find(({ from }) => from < end)?.from).toBe(judged[0]?.from);
        const recent = counts.slice(end - 1 - historyHours, end);
        expect(episodesOf({ counts: recent }, historyHours).length).toBe(judged.length);
      }),
      runs,
    );
  });

  it('do not begin within the first week, in which nothing is usual yet', () => {
    const counts = changed(siteHours('young', 1, 400), 100, 5, (count) => 50 * count);
    expect(episodesOf({ counts }, 0)).toEqual([]);
  });

  it('of the second week need both baselines: a weekend is not low for being no weekday', () => {
    const counts = siteHours('second week', 2, 4_000);
    const saturday = 168 + 5 * 24;
    expect(episodesOf({ counts: counts.slice(0, saturday + 24) }, saturday)).toEqual([]);
    const stopped = changed(counts, saturday + 12, 2, () => 0).slice(0, saturday + 14);
    expect(episodesOf({ counts: stopped }, saturday)).toMatchObject([{ direction: 'low' }]);
  });

  it('are no more than chance where clicks are few', () => {
    const counts = changed(Array(weeks * 168).fill(0), judgedFrom + 5, 2, () => 9);
    expect(episodesOf({ counts }, judgedFrom)).toEqual([]);
    expect(episodesOf({ counts: changed(counts, judgedFrom + 5, 2, () => 13) }, judgedFrom)).toHaveLength(1);
  });

  it('forgive an odd week: one burst in the history neither hides the next nor makes its absence odd', () => {
    const usual = siteHours('odd week', weeks, 400);
    const before = changed(usual, judgedFrom + 36 - 168, 4, (count) => 6 * count);
    expect(episodesOf({ counts: before }, judgedFrom + 36)).toEqual(
      episodesOf({ counts: usual }, judgedFrom + 36),
    );
    const again = changed(before, judgedFrom + 36, 4, (count) => 6 * count);
    expect(episodesOf({ counts: again }, judgedFrom + 36)).toMatchObject([{ direction: 'high' }]);
  });

  it('are seldom where a site has moods, to which hours that happen to be alike are no measure', () => {
    const moody = (seed: string) => {
      const random = seededRandom(seed);
      let mood = 0;
      return siteHours(seed, 8, 1_000).map((count) => {
        mood = 0.7 * mood + 0.6 * (random.float() - 0.5);
        return Math.round(count * Math.exp(mood));
      });
    };
    const sites = Array.from({ length: 6 }, (_, number) => moody(`moods ${number}`));
    const alarms = sites.flatMap((counts) => episodesOf({ counts }, judgedFrom));
    // Of eighteen weeks.
    expect(alarms.length).toBeLessThanOrEqual(9);
  });

  it('join what pauses for two hours, and part what pauses for three', () => {
    const usual = siteHours('pause', weeks, 400);
    const twice = (pause: number) => {
      const first = changed(usual, at(1, 8), 3, (count) => 5 * count);
      return changed(first, at(1, 11) + pause, 3, (count) => 5 * count);
    };
    const found = (pause: number) => episodesOf({ counts: twice(pause).slice(0, at(2, 0)) }, at(1, 0));
    expect(found(2)).toMatchObject([{ from: at(1, 8), to: at(1, 16) }]);
    expect(found(4)).toHaveLength(2);
  });
});
