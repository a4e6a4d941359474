import { type Overview, readOverview } from '../../report/overview';
import { overviewText } from '../../report/overview-text';
import { timeZoneNamed } from '../../report/time-zone';
import { type DynamoServer, startDynamoServer } from '../support/aggregates-table';
import { temporaryFolder } from '../support/temporary-folder';
import { at, countedClicks } from './counted-clicks';

const folder = temporaryFolder('overview');
let server: DynamoServer;
beforeAll(async () => {
  server = await startDynamoServer(folder);
});
afterAll(() => server.close());

let tables = 0;
const newTable = () => countedClicks(server.client, `overview-${++tables}`);
const clicks = (count: number, time: string, page: string) =>
  Array.from({ length: count }, () => ({ page, timestamp: at(time) }));

describe('the overview', () => {
  it('is of the latest hours in which anything happened, with those between', async () => {
    const table = await newTable();
    await table.count([...clicks(9, '00:15:00', '/old'), ...clicks(2, '08:30:00', '/a')]);
    await table.compact();
    await table.count([...clicks(3, '11:30:00', '/b'), ...clicks(1, '11:40:00', '/a')]);

    const overview = await readOverview(table.ports());
    expect(overview?.hours.map(({ window, count }) => [window.slice(11, 13), count])).toEqual([
      ['00', 9],
      ...['01', '02', '03', '04', '05', '06', '07'].map((hour) => [hour, 0]),
      ['08', 2],
      ['09', 0],
      ['10', 0],
      ['11', 4],
    ]);
    expect(overview?.topPages.map(({ value, count }) => [value, count])).toEqual([
      ['/old', 9],
      ['/a', 3],
      ['/b', 3],
    ]);
  });

  it('leaves out what happened before twelve hours', async () => {
    const table = await newTable();
    await table.count([...clicks(5, '00:15:00', '/old'), ...clicks(1, '12:10:00', '/new')]);

    const overview = await readOverview(table.ports());
    expect(overview).toMatchObject({ clicks: 1, topPages: [{ value: '/new' }] });
    expect(overview?.hours).toHaveLength(1);
  });

  it('adds up what is late and what is invalid', async () => {
    const table = await newTable();
    await table.count([...clicks(2, '10:30:00', '/a'), { page: '' }, ...clicks(1, '11:59:00', '/a')]);

    expect(await readOverview(table.ports())).toMatchObject({
      clicks: 3,
      late: 2,
      invalid: 1,
      duplicates: 0,
    });
  });

  it('shows the hours of a time zone', async () => {
    const table = await newTable();
    await table.count(clicks(1, '09:30:00', '/a'));

    const overview = await readOverview(table.ports(), timeZoneNamed('Asia/Kolkata'));
    expect(overview?.hours.map(({ window }) => window)).toEqual(['2026-03-01T14:30:00+05:30']);
  });

  it('is nothing while nothing is counted', async () => {
    expect(await readOverview((await newTable()).ports())).toBeUndefined();
  });
});

describe('the overview as text', () => {
  const hour = (window: string, count: number) => ({ dimension: 'total', value: 'all', window, count });
  const overview: Overview = {
    hours: [hour('2026-03-01T09:00:00Z', 1_234)],
    topPages: [{ dimension: 'page', value: '/\u009b31m', count: 1_000 }],
    clicks: 1_234,
    late: 0,
    duplicates: 0,
    invalid: 7,
  };

  it('has the sums, the hours and the pages, and nothing that a terminal acts upon', () => {
    expect(overviewText(overview, 80)).toBe(
      [
        'The latest hour: 1,234 clicks, 7 invalid',
        '',
        'hour                  clicks',
        '────────────────────  ──────',
        '2026-03-01T09:00:00Z   1,234',
        '',
        'page        clicks',
        '──────────  ──────',
        '/\u{fffd}31m        1,000',
        '',
        'More: npm run report -- --help',
        '',
      ].join('\n'),
    );
  });

  it('speaks of one and of many', () => {
    const hours = [hour('2026-03-01T09:00:00Z', 0), hour('2026-03-01T10:00:00Z', 1)];
    const text = overviewText({ ...overview, hours, clicks: 1, late: 1, duplicates: 2, topPages: [] }, 80);
    expect(text).toMatch(/^The latest 2 hours: 1 click, 1 late, 2 duplicates, 7 invalid\n/);
    expect(text).not.toContain('page');
  });
});
