import { itemLimits } from '../../domain/counters/item';
import { hash64 } from '../../domain/numbers/hash64';
import { emptySketch, estimate, touch, touchOf } from '../../domain/visitors/sketch';
import { uniques } from '../../domain/visitors/uniques';
import { readUniques, topUniques, type UniqueQuery, uniqueNamed } from '../../report/uniques-reader';
import { type DynamoServer, startDynamoServer } from '../support/aggregates-table';
import { temporaryFolder } from '../support/temporary-folder';
import { aroundExpiry, at, type CountedClicks, countedClicks } from './counted-clicks';

const folder = temporaryFolder('uniques-reader');
let server: DynamoServer;
beforeAll(async () => {
  server = await startDynamoServer(folder);
});
afterAll(() => server.close());

let tables = 0;
const newTable = () => countedClicks(server.client, `uniques-${++tables}`, 'page');
const visitors = { unique: 'visitors', dimension: 'total', window: 'hour' } as const;
const pages = { unique: 'visitors', dimension: 'page', window: 'hour' } as const;

/** Rows as `window value count`, the window without its date. */
async function read(table: CountedClicks, query: UniqueQuery, now?: number): Promise<string[]> {
  const rows = await readUniques(query, table.ports(now));
  return rows.map(({ unique, dimension, value, window, count }) => {
    expect({ unique, dimension }).toEqual({ unique: query.unique, dimension: query.dimension });
    return `${window.replace('2026-03-01T', '')} ${value} ${count}`;
  });
}

/** What one sketch of all the ids would say. */
function expected(ids: Iterable<string>, precision: 10 | 12 = 12): number {
  const sketch = emptySketch(precision);
  for (const id of ids) touch(sketch, touchOf(precision, hash64(id)));
  return Math.round(estimate(sketch));
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `visitor-${from + i}`);

describe('Distinct visitors', () => {
  it('are merged over shards and streams, not added up', async () => {
    const table = await newTable();
    const shards = ['clicks/shardId-000000000000', 'clicks/shardId-000000000001', 'old/shardId-000000000000'];
    for (const [index, shard] of shards.entries()) {
      const ids = range(index * 100, index * 100 + 300);
      await table.count(
        ids.map((visitorId) => ({ visitorId, page: '/', timestamp: at('09:30:00') })),
        { shard },
      );
      // Of the last shard, everything is pending.
      if (index < 2) await table.compact();
    }
    const count = expected(range(0, 500));
    expect(Math.abs(count / 500 - 1)).toBeLessThan(0.05);
    expect(await read(table, visitors)).toEqual([`09:00:00Z all ${count}`]);
    expect(await read(table, { ...visitors, window: 'day' })).toEqual([`00:00:00Z all ${count}`]);
    expect(await read(table, pages)).toEqual([`09:00:00Z / ${expected(range(0, 500), 10)}`]);
  });

  it('of a range are merged over its windows: who comes back counts once', async () => {
    const table = await newTable();
    const come = (ids: readonly string[], time: string, page: string) =>
      table.count(ids.map((visitorId) => ({ visitorId, page, timestamp: at(time) })));
    await come(range(0, 20), '08:10:00', '/a');
    await come(range(10, 25), '09:10:00', '/a');
    await table.compact();
    await come(range(20, 23), '09:20:00', '/b');
    await come(range(900, 940), '10:10:00', '/b');

    const from = Date.parse(at('08:00:00'));
    const to = Date.parse(at('10:00:00'));
    expect(await topUniques({ ...visitors, from, to }, 5, table.ports())).toEqual([
      { unique: 'visitors', dimension: 'total', value: 'all', count: 25, standardError: 0.01623 },
    ]);
    expect(await topUniques({ ...pages, from, to }, 5, table.ports())).toEqual([
      { unique: 'visitors', dimension: 'page', value: '/a', count: 25, standardError: 0.03247 },
      { unique: 'visitors', dimension: 'page', value: '/b', count: 3, standardError: 0.03247 },
    ]);
    expect(await topUniques({ ...pages, from, to }, 1, table.ports())).toHaveLength(1);
    expect(await topUniques(pages, 1, table.ports())).toMatchObject([{ value: '/b', count: 43 }]);
  });

  it('come by window, in a window the most first, and with as many by value', async () => {
    const table = await newTable();
    const clicks = (time: string, who: string) =>
      [...who].map((visitorId, i) => ({ visitorId, page: `/${'xyz'[i % 3]}`, timestamp: at(time) }));
    await table.count([...clicks('10:00:30', 'abcd'), ...clicks('09:00:30', 'aaabbbbbb')]);

    expect(await read(table, pages)).toEqual([
      '09:00:00Z /x 2',
      '09:00:00Z /y 2',
      '09:00:00Z /z 2',
      '10:00:00Z /x 2',
      '10:00:00Z /y 1',
      '10:00:00Z /z 1',
    ]);
  });

  it('state the standard error', async () => {
    const table = await newTable();
    await table.count([{ timestamp: at('09:30:00'), sessionId: 's' }]);
    const errors = async (query: UniqueQuery) =>
      (await readUniques(query, table.ports())).map(({ standardError }) => standardError);
    expect(await errors(visitors)).toEqual([0.01623]);
    expect(await errors({ ...visitors, unique: 'sessions' })).toEqual([0.01623]);
    expect(await errors(pages)).toEqual([0.03247]);
  });

  it('of pages that had no room are shown as (other), once for all buckets', async () => {
    const table = await newTable();
    const room = uniques.find(({ scope }) => scope === 'page')!.buckets * itemLimits.sketches;
    const made = Array.from({ length: room * 2 }, (_, i) => ({
      page: `/made/up/${i}`,
      visitorId: `visitor-${i % 50}`,
      timestamp: at('09:30:00'),
    }));
    await table.count(made);

    const rows = await readUniques(pages, table.ports());
    expect(rows.filter(({ value }) => value === '(other)')).toEqual([
      expect.objectContaining({ window: '2026-03-01T09:00:00Z', count: expected(range(0, 50), 10) }),
    ]);
    expect(rows).toHaveLength(room + 1);
    expect((await topUniques(pages, 1, table.ports()))[0]?.value).toBe('(other)');
  });

  it('are left out when their time to live is over, though the table still has them', async () => {
    const table = await newTable();
    await table.count([{ timestamp: at('09:30:00') }]);
    await table.compact();
    const [before, then] = aroundExpiry('hour');
    expect(await read(table, visitors, before)).toHaveLength(1);
    expect(await read(table, visitors, then)).toEqual([]);
    expect(await read(table, { ...visitors, window: 'day' }, then)).toHaveLength(1);
  });

  it('are none where they are not counted', async () => {
    const table = await countedClicks(server.client, `uniques-${++tables}`, 'total');
    await table.count([{ timestamp: at('09:30:00') }]);
    expect(await read(table, pages)).toEqual([]);
    expect(await read(table, visitors)).toEqual(['09:00:00Z all 1']);
    expect(await topUniques(pages, 3, table.ports())).toEqual([]);
  });

  it('have no other kinds than those that are counted', () => {
    expect(() => uniqueNamed({ unique: 'sessions', dimension: 'page', window: 'hour' })).toThrow(
      'sessions by page and hour; counted are visitors by total and hour or day, visitors by page and hour, sessions by total and hour or day',
    );
    expect(() => uniqueNamed({ ...pages, window: 'day' })).toThrow(RangeError);
  });
});
