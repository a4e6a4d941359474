import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FinalResult, runReport, runToExit } from './local-pipeline';

const log = join(__dirname, '..', 'fixtures', 'access-log-500.log');
const folder = mkdtempSync(join(tmpdir(), 'sample-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Row {
  readonly dimension: string;
  readonly value: string;
  readonly window?: string;
  readonly count: number;
}

/** The log once more, taken apart by splitting at quotes and brackets: nothing here is shared with the product. */
const requests = readFileSync(log, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    const [before, request, , referrer] = line.split('"');
    const [day, month, rest] = before!.split('[')[1]!.split('/');
    const [year, hour] = rest!.split(':');
    return {
      page: request!.split(' ')[1]!.split('?')[0]!,
      hour: `${year}-${month === 'May' ? '05' : '??'}-${day}T${hour}:00:00Z`,
      referrer: referrer!,
    };
  });

function countBy(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

function keyed(rows: readonly Row[], key: (row: Row) => string): Record<string, number> {
  return Object.fromEntries(rows.map((row) => [key(row), row.count]));
}

describe('500 lines of a real access log, from the file to the counters and the archive', () => {
  let outcome: { code: number | null; result: FinalResult };
  beforeAll(async () => {
    outcome = await runToExit(folder, '--input', log, '--format', 'combined', '--time', 'original');
  }, 120_000);
  const report = (...args: string[]) => runReport<Row>('--local', folder, ...args);

  it('are all accepted, aggregated and archived, and everything agrees', () => {
    expect(outcome.result).toMatchObject({
      accepted: 500,
      aggregated: { valid: 500, invalid: 0, late: 500 },
      archived: { lines: 500, distinct: 500, rejected: 0 },
      failed: 0,
      onFailure: 0,
      exact: true,
    });
    expect(outcome.code).toBe(0);
  });

  // What is older than minutes are kept is counted by hour and day alone.
  it('are counted page by page and hour by hour as the file has them', async () => {
    const rows = await report('--dimension', 'page', '--window', 'hour');
    expect(keyed(rows, ({ window, value }) => `${window} ${value}`)).toEqual(
      countBy(requests.map(({ hour, page }) => `${hour} ${page}`)),
    );
  });

  it('are counted hour by hour', async () => {
    const rows = await report('--dimension', 'total', '--window', 'hour');
    expect(keyed(rows, ({ window }) => window!)).toEqual(countBy(requests.map(({ hour }) => hour)));
  });

  it('give the top pages of a half-open range', async () => {
    const [from, to] = ['2015-05-17T11:00:00Z', '2015-05-17T13:00:00Z'];
    const inRange = requests.filter(({ hour }) => hour >= from && hour < to);
    const expected = Object.entries(countBy(inRange.map(({ page }) => page)))
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .slice(0, 5)
      .map(([value, count]) => ({ dimension: 'page', value, count }));
    expect(await report('--top', '5', '--from', from, '--to', to)).toEqual(expected);
  });

  it('are counted by the host of the referrer', async () => {
    const hosts = requests
      .filter(({ referrer }) => referrer !== '-')
      .map(({ referrer }) => referrer.split('/')[2]!.split(':')[0]!.toLowerCase());
    expect(keyed(await report('--dimension', 'referrer', '--top', '1000'), ({ value }) => value)).toEqual(
      countBy(hosts),
    );
  });

  it('go on after a restart: what comes then is added to what was', async () => {
    const { code, result } = await runToExit(folder, '--count', '40', '--max', '--seed', '7');
    expect(code).toBe(0);
    expect(result).toMatchObject({
      accepted: 540,
      aggregated: { valid: 540 },
      archived: { distinct: 540 },
      exact: true,
    });
  }, 60_000);

  it('carry the identity that anyone can compute from the file', async () => {
    const line = readFileSync(log, 'utf8').split('\n')[6]!;
    const eventId = createHash('sha256').update(`7\n${line}`).digest('hex').slice(0, 32);
    const { archivedEvents } = await import('./archived-events');
    const events = await archivedEvents(folder);
    expect(events.filter((event) => event.eventId === eventId)).toHaveLength(1);
    expect(events).toHaveLength(540);
  }, 60_000);
});
