import { conditions } from '../../dashboard/page/model/condition';
import { changeText, durationText, percentText, shortCount } from '../../dashboard/page/model/numbers';
import { inOrder } from '../../dashboard/page/model/order';
import { countedUpTo, pictureOf } from '../../dashboard/page/model/picture';
import { evenMarks } from '../../dashboard/page/model/scale';
import { ticks } from '../../dashboard/page/model/ticks';
import { visible } from '../../dashboard/page/model/visible';
import type { Health, Series } from '../../query/answers';
import { timeZoneNamed } from '../../report/time-zone';

describe('A figure', () => {
  it.each([
    [0, '0 %'],
    [0.0004, '< 0.1 %'],
    [0.0162, '1.6 %'],
    [0.03, '3 %'],
    [0.126, '13 %'],
    [1, '100 %'],
  ])('%d of all is %s', (share, text) => expect(percentText(share)).toBe(text));

  it.each([
    [112, 100, '+12 %'],
    [97, 100, '−3 %'],
    [100, 100, '±0 %'],
    [7, 0, 'new'],
    [0, 0, undefined],
    [4_200, 100, '×42'],
  ])('%d after %d has changed by %s', (count, before, text) => expect(changeText(count, before)).toBe(text));

  it.each([
    [420, '0.4 s'],
    [12_000, '12 s'],
    [180_000, '3 min'],
    [3 * 3_600_000, '3 h'],
    [-5, '0.0 s'],
  ])('%d ms are %s', (ms, text) => expect(durationText(ms)).toBe(text));

  it('on an axis is short', () => expect(shortCount(1_500)).toBe('1.5K'));
});

describe('An axis', () => {
  it('of counts goes from 0 to above the highest, by whole and even numbers', () => {
    expect(evenMarks(0)).toEqual([0, 1]);
    expect(evenMarks(3)).toEqual([0, 1, 2, 3]);
    expect(evenMarks(83)).toEqual([0, 50, 100]);
    expect(evenMarks(6_512)).toEqual([0, 2_000, 4_000, 6_000, 8_000]);
  });

  const zone = timeZoneNamed('Asia/Kolkata')!;
  const hours = Array.from({ length: 24 }, (_, hour) => Date.parse('2026-11-27T18:30Z') + hour * 3_600_000);

  it('of time names hours that are even on the clocks of the zone', () => {
    const named = ticks(hours, 5, zone).map((at) => zone.format(at).slice(11, 16));
    expect(named).toEqual(['00:00', '06:00', '12:00', '18:00']);
  });

  it('names no more than there is room for', () => {
    for (let most = 1; most <= 24; most++) expect(ticks(hours, most, zone).length).toBeLessThanOrEqual(most);
  });
});

const quietHealth: Health = {
  now: '2026-11-28T12:00:00Z',
  countedUntil: '2026-11-28T11:59:58Z',
  shards: [],
  lastHour: { clicks: 1, invalid: 2, duplicates: 4 },
  lateness: { from: '2026-11-27T11:00:00Z', to: '2026-11-28T11:00:00Z', clicks: 9, late: 3 },
};

describe('The picture of a series', () => {
  const series: Series = {
    from: '2026-11-28T09:00:00Z',
    to: '2026-11-28T12:00:00Z',
    window: 'hour',
    zone: 'UTC',
    dimension: 'total',
    sum: 12,
    points: [
      { at: '2026-11-28T09:00:00Z', count: 5 },
      { at: '2026-11-28T10:00:00Z', count: 7 },
      { at: '2026-11-28T11:00:00Z', count: 0 },
    ],
    previous: { from: '2026-11-27T09:00:00Z', sum: 3, points: [{ at: '2026-11-27T09:00:00Z', count: 3 }] },
  };

  const told = (now: string, until: string) =>
    pictureOf(series, Date.parse(now), Date.parse(until)).points.map(({ count, isSoFar }) => [
      count,
      isSoFar,
    ]);

  it('leaves out windows that have not begun, and marks those that are not counted whole', () => {
    expect(told('2026-11-28T10:20Z', '2026-11-28T10:19Z')).toEqual([
      [5, false],
      [7, true],
    ]);
    expect(told('2026-11-28T11:00Z', '2026-11-28T10:00Z')).toEqual([
      [5, false],
      [7, true],
      [0, true],
    ]);
    expect(told('2026-11-28T12:00Z', '2026-11-28T09:59:59Z').map(([, isSoFar]) => isSoFar)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it.each([
    ['where the last shard is', {}, '11:50:00'],
    ['now less the lag, where nothing came since', { lagMs: { counting: 4_000 } }, '11:59:56'],
    ['where the last shard is, though a lag is larger', { lagMs: { counting: 900_000 } }, '11:50:00'],
    [
      'when the lag was measured, less the lag',
      { lagMs: { counting: 4_000 }, lagAt: '2026-11-28T11:57:00Z' },
      '11:56:56',
    ],
    ['where the last shard is, if the archive alone has a lag', { lagMs: { archive: 7 } }, '11:50:00'],
  ] as const)('is counted up to %s', (_where, known, time) => {
    const health = { ...quietHealth, countedUntil: '2026-11-28T11:50:00Z', ...known };
    expect(countedUpTo(health)).toBe(Date.parse(`2026-11-28T${time}Z`));
  });

  it('is counted up to nowhere before anything is', () => {
    const { countedUntil: _, ...uncounted } = quietHealth;
    expect(countedUpTo({ ...uncounted, lagMs: { counting: 0 } })).toBeUndefined();
  });

  it('has the window at the same place in the range before beside each', () => {
    const [first, second] = pictureOf(series, Date.parse('2026-11-28T13:00Z'), 0).points;
    expect(first!.previous).toEqual({ at: Date.parse('2026-11-27T09:00Z'), count: 3 });
    expect(second!.previous).toBeUndefined();
  });
});

describe('The condition of the pipeline', () => {
  const health = quietHealth;
  const alarm = { since: '2026-11-28T11:00:00Z', description: 'd', threshold: 5, runbook: 'r' } as const;

  it('is good if nothing is known to be wrong', () => {
    expect(conditions(health)).toMatchObject([{ level: 'good' }]);
    expect(conditions({ ...health, lagMs: { counting: 59_000 }, givenUpBatches: 0 })).toMatchObject([
      { level: 'good' },
    ]);
  });

  it('names alarms that ring, and only those', () => {
    const alarms = [
      { ...alarm, name: 'Quiet', state: 'OK' },
      { ...alarm, name: 'Loud', state: 'ALARM' },
      { ...alarm, name: 'Blind', state: 'INSUFFICIENT_DATA' },
    ] as const;
    expect(conditions({ ...health, alarms })).toEqual([{ level: 'bad', text: 'Alarm: Loud' }]);
  });

  it('says that batches are not counted, and what counts them', () => {
    expect(conditions({ ...health, givenUpBatches: 2 })[0]!.text).toMatch(/^2 batches .* recover -- repair/);
  });

  it('says that counting is behind, once that is more than a minute', () => {
    expect(conditions({ ...health, lagMs: { counting: 240_000 } })).toMatchObject([
      { level: 'warning', text: 'Counting is 4 min behind the stream' },
    ]);
  });

  it('is unknown before anything is counted', () => {
    const { countedUntil: _, ...uncounted } = health;
    expect(conditions(uncounted)).toMatchObject([{ level: 'unknown' }]);
  });
});

describe('Rows', () => {
  const rows = [
    { value: 'b', count: 9, previous: 1 },
    { value: 'a', count: 5, previous: 9 },
    { value: 'c', count: 5, previous: 5 },
  ];
  const values = (...order: [Parameters<typeof inOrder>[1], boolean]) =>
    inOrder(rows, ...order).map(({ value }) => value);

  it('are sorted by value, count or change, both ways', () => {
    expect(values('value', true)).toEqual(['a', 'b', 'c']);
    expect(values('count', false)).toEqual(['b', 'a', 'c']);
    expect(values('count', true)).toEqual(['a', 'c', 'b']);
    expect(values('change', true)).toEqual(['a', 'c', 'b']);
    expect(values('change', false)).toEqual(['b', 'c', 'a']);
  });
});

describe('Text from the stream', () => {
  it.each([
    ['/plain?q=é', '/plain?q=é'],
    ['/\u202egpj.exe', '/\\u{202e}gpj.exe'],
    ['/zero\u200bwidth', '/zero\\u{200b}width'],
    ['/line\nbreak', '/line\\u{a}break'],
    ['/tag\u{e0041}', '/tag\\u{e0041}'],
  ])('%j is shown as %s', (text, shown) => expect(visible(text)).toBe(shown));
});
