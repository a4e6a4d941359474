import { pictureOf } from '../../dashboard/page/model/picture';
import { anomaliesOf, unusualText, withUnusual } from '../../dashboard/page/model/unusual';
import type { FoundAnomaly, Series } from '../../query/answers';

const found = (of: Partial<FoundAnomaly>): FoundAnomaly => ({
  ...{ subject: 'total', value: 'all', kind: 'low', isOpen: false },
  ...{ from: '2026-03-04T10:00:00Z', to: '2026-03-04T12:00:00Z', count: 3, expected: 2_100, score: -7 },
  ...of,
});

const series = (window: Series['window'], starts: readonly string[]): Series => ({
  ...{ from: starts[0]!, to: '2026-03-05T00:00:00Z', window, zone: 'UTC', dimension: 'total', sum: 0 },
  points: starts.map((at) => ({ at, count: 5 })),
});

describe('Unusual hours in the picture', () => {
  const hours = ['09', '10', '11', '12'].map((hour) => `2026-03-04T${hour}:00:00Z`);
  const now = Date.parse('2026-03-06T00:00:00Z');
  const notesOf = (window: Series['window'], starts: readonly string[], anomalies: readonly FoundAnomaly[]) =>
    withUnusual(pictureOf(series(window, starts), now, now), anomalies).points.map(({ unusual }) => unusual);

  it('have a word at each of them, and others have none', () => {
    const text = 'unusually few: 3 clicks, 2,100 are usual';
    expect(notesOf('hour', hours, [found({})])).toEqual([undefined, text, text, undefined]);
  });

  it('are said of the day that they are in, and of each of their minutes', () => {
    expect(notesOf('day', ['2026-03-04T00:00:00Z'], [found({})])[0]).toContain('few');
    const minutes = ['2026-03-04T09:59:00Z', '2026-03-04T10:00:00Z', '2026-03-04T11:59:00Z'];
    expect(notesOf('minute', minutes, [found({})]).map(Boolean)).toEqual([false, true, true]);
  });

  it('are all said, where there are two at once', () => {
    const both = [
      found({ kind: 'high', count: 9_000 }),
      found({ subject: 'visitor', kind: 'burst', count: 9_000 }),
    ];
    expect(notesOf('hour', hours.slice(1, 2), both)).toEqual([
      'unusually many: 9,000 clicks, 2,100 are usual; unusually many of few visitors: 9,000 clicks, 2,100 are usual',
    ]);
  });

  it('are those of the series that is shown', () => {
    const all = [
      found({}),
      found({ subject: 'visitor', kind: 'burst' }),
      found({ subject: 'page', value: '/a', kind: 'gone' }),
      found({ subject: 'type', value: '/a' }),
    ];
    expect(anomaliesOf({ metric: 'clicks' }, all)).toEqual(all.slice(0, 2));
    expect(anomaliesOf({ metric: 'bots' }, all)).toEqual([]);
    const selected = { dimension: 'page', value: '/a' };
    expect(anomaliesOf({ metric: 'clicks', selected }, all)).toEqual([all[2]]);
  });

  it('say of what is gone how much was usual', () => {
    expect(unusualText(found({ kind: 'gone', count: 0, expected: 80 }))).toBe('gone: 0 clicks, 80 are usual');
  });
});
