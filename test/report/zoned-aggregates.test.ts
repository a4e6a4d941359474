import type { AggregateQuery } from '../../report/aggregates-reader';
import { type TimeZone, timeZoneNamed } from '../../report/time-zone';
import { readUniques, topUniques } from '../../report/uniques-reader';
import { readZonedAggregates, topZonedValues } from '../../report/zoned-aggregates';
import { type DynamoServer, startDynamoServer } from '../support/aggregates-table';
import { temporaryFolder } from '../support/temporary-folder';
import { type CountedClicks, countedClicks } from './counted-clicks';

const folder = temporaryFolder('zoned-aggregates');
let server: DynamoServer;
beforeAll(async () => {
  server = await startDynamoServer(folder);
});
afterAll(() => server.close());

const zone = (name: string): TimeZone => timeZoneNamed(name)!;
const instant = (text: string): number => Date.parse(text);

let tables = 0;
/** A table with one click at each instant, which arrived just then, or where that is said. */
async function clicksAt(timestamps: readonly string[], arrived?: string): Promise<CountedClicks> {
  const table = await countedClicks(server.client, `zoned-${++tables}`, 'total');
  for (const timestamp of timestamps) {
    const arrivedAt = instant(arrived ?? timestamp);
    await table.count([{ page: '/', timestamp, visitorId: `at ${timestamp}` }], { arrivedAt });
  }
  return table;
}

async function read(
  table: CountedClicks,
  name: string,
  query: Omit<AggregateQuery, 'dimension'>,
  now: string,
): Promise<string[]> {
  const rows = await readZonedAggregates(
    { dimension: 'total', ...query },
    zone(name),
    table.ports(instant(now)),
  );
  return rows.map(({ window, count }) => `${window} ${count}`);
}

/** From an hour of UTC on, so many clicks, one an hour. */
const hourly = (from: string, count: number): string[] =>
  Array.from({ length: count }, (_, hour) =>
    new Date(instant(from) + hour * 3_600_000 + 600_000).toISOString(),
  );

describe('the days of a time zone', () => {
  it('have 23 hours when clocks are put forward', async () => {
    const table = await clicksAt(hourly('2026-03-28T22:00Z', 25));
    expect(await read(table, 'Europe/Berlin', { window: 'day' }, '2026-03-30T00:00Z')).toEqual([
      '2026-03-28T00:00:00+01:00 1',
      '2026-03-29T00:00:00+01:00 23',
      '2026-03-30T00:00:00+02:00 1',
    ]);
  });

  it('have 25 hours when they are put back', async () => {
    const table = await clicksAt(hourly('2026-10-24T21:00Z', 27));
    expect(await read(table, 'Europe/Berlin', { window: 'day' }, '2026-10-26T00:00Z')).toEqual([
      '2026-10-24T00:00:00+02:00 1',
      '2026-10-25T00:00:00+02:00 25',
      '2026-10-26T00:00:00+01:00 1',
    ]);
  });

  it('are added up from minutes where the zone is a part of an hour from UTC', async () => {
    const table = await clicksAt(['2026-03-01T18:29:00Z', '2026-03-01T18:30:00Z', '2026-03-01T18:59:00Z']);
    expect(await read(table, 'Asia/Kolkata', { window: 'day' }, '2026-03-02T00:00Z')).toEqual([
      '2026-03-01T00:00:00+05:30 1',
      '2026-03-02T00:00:00+05:30 2',
    ]);
    expect(await read(table, 'Asia/Kathmandu', { window: 'hour' }, '2026-03-02T00:00Z')).toEqual([
      '2026-03-02T00:00:00+05:45 3',
    ]);
  });

  it('are refused, with what is allowed, where not all minutes are kept', async () => {
    // Ten days old when it came: it counts in its hour and its day alone.
    const table = await clicksAt(['2026-03-01T18:29:00Z', '2026-03-11T18:29:00Z'], '2026-03-11T18:29:00Z');
    const days = (range: { from?: number } = {}) =>
      read(table, 'Asia/Kolkata', { window: 'day', ...range }, '2026-03-12T00:00Z');

    await expect(days()).rejects.toThrow(
      '--time-zone Asia/Kolkata is a part of an hour from UTC, so that its hours and days are added up from minutes, and not all of those are kept; allowed: --from 2026-03-01T19:00:00Z or later, or --window minute',
    );
    expect(await days({ from: instant('2026-03-01T19:00:00Z') })).toEqual(['2026-03-11T00:00:00+05:30 1']);
  });
});

describe('the hours of a time zone', () => {
  it('tell the two hours of the night apart in which clocks are put back', async () => {
    const table = await clicksAt(hourly('2026-10-25T00:00Z', 2));
    expect(await read(table, 'Europe/Berlin', { window: 'hour' }, '2026-10-25T03:00Z')).toEqual([
      '2026-10-25T02:00:00+02:00 1',
      '2026-10-25T02:00:00+01:00 1',
    ]);
  });
});

describe('the largest values of a range of a time zone', () => {
  const timestamps = [
    '2026-03-01T22:30:00Z',
    '2026-03-01T23:30:00Z',
    '2026-03-02T22:30:00Z',
    '2026-03-02T23:30:00Z',
  ];
  const countIn = async (name: string, date: string, until: string): Promise<number> => {
    const table = await clicksAt(timestamps);
    const here = zone(name);
    const query = { dimension: 'total', from: here.startOfDate(date), to: here.startOfDate(until) };
    const rows = await topZonedValues(query, 1, here, table.ports(instant('2026-03-03T00:00Z')));
    return rows[0]?.count ?? 0;
  };

  it('are those within its dates, by hours or, where it takes them, by minutes', async () => {
    expect(await countIn('Europe/Berlin', '2026-03-02', '2026-03-03')).toBe(2);
    expect(await countIn('Asia/Kolkata', '2026-03-02', '2026-03-03')).toBe(2);
    expect(await countIn('UTC', '2026-03-02', '2026-03-03')).toBe(2);
    expect(await countIn('Asia/Kathmandu', '2026-03-02', '2026-03-04')).toBe(4);
  });
});

describe('the visitors of a day of a time zone', () => {
  const query = { unique: 'visitors', dimension: 'total', window: 'day' } as const;
  const ports = (table: CountedClicks) => table.ports(instant('2026-03-03T00:00Z'));

  it('are merged from its hours', async () => {
    const table = await clicksAt(hourly('2026-03-01T21:00Z', 5));
    const rows = await readUniques(query, ports(table), zone('Europe/Berlin'));
    expect(rows.map(({ window, count }) => [window, count])).toEqual([
      ['2026-03-01T00:00:00+01:00', 2],
      ['2026-03-02T00:00:00+01:00', 3],
    ]);
    const berlin = zone('Europe/Berlin');
    const range = { from: berlin.startOfDate('2026-03-02'), to: berlin.startOfDate('2026-03-03') };
    expect(await topUniques({ ...query, ...range }, 1, ports(table), berlin)).toMatchObject([{ count: 3 }]);
  });

  it('are refused where its hours are not those of UTC', async () => {
    const table = await clicksAt(hourly('2026-03-01T21:00Z', 1));
    await expect(readUniques(query, ports(table), zone('Asia/Kolkata'))).rejects.toThrow(
      '--time-zone Asia/Kolkata is a part of an hour from UTC, and visitors and sessions are counted by hours of UTC',
    );
  });
});
