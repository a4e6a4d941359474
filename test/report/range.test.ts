import { coarsestWindow, readAggregates, topValues } from '../../report/aggregates-reader';
import { type DynamoServer, startDynamoServer } from '../support/aggregates-table';
import { temporaryFolder } from '../support/temporary-folder';
import { at, type CountedClicks, countedClicks } from './counted-clicks';

describe('A range', () => {
  const folder = temporaryFolder('range');
  let server: DynamoServer;
  let table: CountedClicks;
  beforeAll(async () => {
    server = await startDynamoServer(folder);
    table = await countedClicks(server.client, 'aggregates');
    const times = ['08:59:59', '09:00:00', '09:29:59', '09:30:00', '09:30:59', '09:31:00', '10:00:00'];
    // Some are in the items, and some are pending.
    await table.count(times.slice(0, 4).map((time) => ({ timestamp: at(time) })));
    await table.compact();
    await table.count(times.slice(4).map((time) => ({ timestamp: at(time) })));
  });
  afterAll(() => server.close());

  const windows = async (window: 'minute' | 'hour', from?: string, to?: string) => {
    const query = {
      dimension: 'total',
      window,
      ...(from === undefined ? {} : { from: Date.parse(at(from)) }),
      ...(to === undefined ? {} : { to: Date.parse(at(to)) }),
    };
    const rows = await readAggregates(query, table.ports());
    return rows.map((row) => `${row.window.slice(11, 16)} ${row.count}`).join(', ');
  };

  it.each([
    [undefined, undefined, '08:59 1, 09:00 1, 09:29 1, 09:30 2, 09:31 1, 10:00 1'],
    ['09:30:00', undefined, '09:30 2, 09:31 1, 10:00 1'],
    [undefined, '09:30:00', '08:59 1, 09:00 1, 09:29 1'],
    ['09:29:00', '09:31:00', '09:29 1, 09:30 2'],
    ['09:30:00', '09:31:00', '09:30 2'],
    // Bounds in the middle of a window: a window belongs to the range in which it starts.
    ['09:30:30', undefined, '09:31 1, 10:00 1'],
    ['09:30:00.001', '09:31:00', ''],
    [undefined, '09:00:30', '08:59 1, 09:00 1'],
    ['09:30:00', '09:30:00.001', '09:30 2'],
    ['09:30:00.200', '09:30:00.700', ''],
    ['11:00:00', undefined, ''],
    [undefined, '08:00:00', ''],
  ])('of minutes from %s up to %s holds %s', async (from, to, expected) => {
    expect(await windows('minute', from, to)).toBe(expected);
  });

  it.each([
    [undefined, undefined, '08:00 1, 09:00 5, 10:00 1'],
    ['09:00:00', '10:00:00', '09:00 5'],
    ['08:00:00', '09:00:00', '08:00 1'],
    ['09:00:00.001', undefined, '10:00 1'],
    ['08:30:00', '09:30:00', '09:00 5'],
    [undefined, '10:00:00.001', '08:00 1, 09:00 5, 10:00 1'],
  ])('of hours from %s up to %s holds %s', async (from, to, expected) => {
    expect(await windows('hour', from, to)).toBe(expected);
  });
});

describe('The coarsest window', () => {
  const midnight = Date.parse(at('00:00:00'));
  const noon = Date.parse(at('12:00:00'));

  it.each([
    [undefined, undefined, 'day'],
    [midnight, undefined, 'day'],
    [midnight, midnight + 86_400_000, 'day'],
    [midnight, noon, 'hour'],
    [noon, undefined, 'hour'],
    [undefined, noon, 'hour'],
    [noon, noon + 3_600_000, 'hour'],
    [noon + 60_000, undefined, 'minute'],
    [noon, noon + 1, 'minute'],
    [noon - 1, noon, 'minute'],
  ])('of %s up to %s is the %s', (from, to, window) => {
    expect(coarsestWindow(from, to)).toBe(window);
  });
});

describe('The top values', () => {
  const row = (value: string, window: string, count: number) => ({
    dimension: 'page',
    value,
    window: at(window),
    count,
  });
  const rows = [
    row('/c', '09:00:00', 4),
    row('/once', '09:00:00', 9),
    row('/a', '10:00:00', 6),
    row('/b', '10:00:00', 6),
    row('/c', '10:00:00', 8),
    row('__proto__', '10:00:00', 6),
  ];
  const shown = (top: number) => topValues(rows, top).map(({ value, count }) => `${value} ${count}`);

  it('are added up over all windows, the largest first', () => {
    expect(topValues(rows, 2)).toEqual([
      { dimension: 'page', value: '/c', count: 12 },
      { dimension: 'page', value: '/once', count: 9 },
    ]);
  });

  it('with equal counts come in the order of their values, also where the list is cut', () => {
    expect(shown(100)).toEqual(['/c 12', '/once 9', '/a 6', '/b 6', '__proto__ 6']);
    expect(shown(3)).toEqual(['/c 12', '/once 9', '/a 6']);
  });

  it('of nothing are none', () => {
    expect(topValues([], 3)).toEqual([]);
  });
});
