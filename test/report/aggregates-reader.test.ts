import { type AggregateQuery, readAggregates } from '../../report/aggregates-reader';
import { type DynamoServer, startDynamoServer } from '../support/aggregates-table';
import { temporaryFolder } from '../support/temporary-folder';
import { aroundExpiry, arrivedAt, at, type CountedClicks, countedClicks } from './counted-clicks';

const folder = temporaryFolder('aggregates-reader');
let server: DynamoServer;
beforeAll(async () => {
  server = await startDynamoServer(folder);
});
afterAll(() => server.close());

let tables = 0;
const newTable = () => countedClicks(server.client, `aggregates-${++tables}`);

/** Rows as `window value count`, the window without its date. */
async function read(table: CountedClicks, query: AggregateQuery, now = arrivedAt): Promise<string[]> {
  const rows = await readAggregates(query, table.ports(now));
  return rows.map(({ dimension, value, window, count }) => {
    expect(dimension).toBe(query.dimension);
    return `${window.replace('2026-03-01T', '')} ${value} ${count}`;
  });
}

describe('The aggregates', () => {
  it('are added up over shards, streams and buckets', async () => {
    const table = await newTable();
    const shards = ['clicks/shardId-000000000000', 'clicks/shardId-000000000001', 'old/shardId-000000000000'];
    const expected = new Map<string, number>();
    for (const [index, shard] of shards.entries()) {
      const pages = Array.from({ length: 90 }, (_, i) => `/${(i * (index + 3)) % 41}`);
      for (const page of pages) expected.set(page, (expected.get(page) ?? 0) + 1);
      await table.count(
        pages.map((page) => ({ page, timestamp: at('09:30:00') })),
        { shard },
      );
      // Of the last shard, everything is pending.
      if (index < 2) await table.compact();
    }

    const rows = await read(table, { dimension: 'page', window: 'hour' });
    expect(rows.toSorted()).toEqual(
      [...expected].map(([page, count]) => `09:00:00Z ${page} ${count}`).toSorted(),
    );
    expect(await read(table, { dimension: 'total', window: 'minute' })).toEqual(['09:30:00Z all 270']);
  });

  it('come by window, in a window by count, and with equal counts by value', async () => {
    const table = await newTable();
    const clicks = (time: string, pages: string) => [...pages].map((page) => ({ page, timestamp: at(time) }));
    await table.count([...clicks('10:00:30', 'cab'), ...clicks('09:00:30', 'xyyzzz')]);

    expect(await read(table, { dimension: 'page', window: 'minute' })).toEqual([
      '09:00:00Z z 3',
      '09:00:00Z y 2',
      '09:00:00Z x 1',
      '10:00:00Z a 1',
      '10:00:00Z b 1',
      '10:00:00Z c 1',
    ]);
  });

  it.each([
    'seq',
    'pk',
    'sk',
    'expiresAt',
    'other',
    'other:type',
    'cut',
    'cut:page',
    'packed',
    'sketch:x',
    '__proto__',
    'constructor',
    'type:x',
    ':',
    '#0',
    ':last',
    'größe',
    '\u{1f600}',
  ])('count the value %s as any other', async (value) => {
    const table = await newTable();
    await table.count([{ type: value }, { type: 'click' }]);
    await table.compact();
    await table.count([{ type: value }]);

    expect(await read(table, { dimension: 'type', window: 'hour' })).toEqual([
      `09:00:00Z ${value} 2`,
      '09:00:00Z click 1',
    ]);
  });

  // An item holds 1,340 values of 200 bytes.
  const wide = Array.from({ length: 1_350 }, (_, i) => String(i).padStart(200, 'x'));

  it('show the events of values that had no room as (other)', async () => {
    const table = await newTable();
    await table.count(wide.map((type) => ({ type })));

    const rows = await read(table, { dimension: 'type', window: 'hour' });
    expect(rows[0]).toBe('09:00:00Z (other) 10');
    expect(rows).toHaveLength(1_341);
  });

  it('show a value that is called (other) as \\(other), beside the events of values that had no room', async () => {
    const table = await newTable();
    const called = ['(other)', '(other)', '\\(other)'];
    await table.count([...called, ...wide].map((type) => ({ type })));

    const rows = await read(table, { dimension: 'type', window: 'hour' });
    expect(rows.filter((row) => row.includes('(other)'))).toEqual([
      '09:00:00Z (other) 10',
      '09:00:00Z \\(other) 2',
      '09:00:00Z \\\\(other) 1',
    ]);
  });

  it.each(['minute', 'hour', 'day'] as const)(
    'leave out items of a %s whose time to live is over, though the table still has them',
    async (window) => {
      const table = await newTable();
      await table.count([{ page: '/old', timestamp: at('09:30:00') }]);
      await table.compact();
      const [before, then] = aroundExpiry(window);

      expect(await read(table, { dimension: 'page', window }, before)).toHaveLength(1);
      expect(await read(table, { dimension: 'page', window }, then)).toEqual([]);
    },
  );

  it('are read on over any number of pages of an answer', async () => {
    const table = await newTable();
    const minutes = Array.from({ length: 45 }, (_, i) => at(`09:${String(i).padStart(2, '0')}:00`));
    await table.count(minutes.map((timestamp) => ({ timestamp })));
    await table.compact();
    let pages = 0;
    server.client.middlewareStack.add(
      (next) => (args) => {
        pages++;
        return next({ ...args, input: { ...args.input, Limit: 4 } });
      },
      { step: 'initialize', name: 'short-pages' },
    );
    try {
      const rows = await read(table, { dimension: 'total', window: 'minute' });
      expect(rows).toEqual(minutes.map((minute) => `${minute.slice(11)} all 1`));
      expect(pages).toBeGreaterThanOrEqual(12);
    } finally {
      server.client.middlewareStack.remove('short-pages');
    }
  });

  it('are none in an empty table', async () => {
    expect(await read(await newTable(), { dimension: 'page', window: 'minute' })).toEqual([]);
  });

  it('have no dimension but those that are counted', async () => {
    const table = await newTable();
    const reading = readAggregates({ dimension: 'colour', window: 'hour' }, table.ports());

    await expect(reading).rejects.toThrow(RangeError);
    await expect(reading).rejects.toThrow('dimension "colour"; allowed: total, type, page');
  });
});
