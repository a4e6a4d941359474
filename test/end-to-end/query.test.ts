import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readQuestions } from '../../analytics/questions';
import { dimensionNames } from '../../domain/counters/dimensions';
import { openParquet } from '../analytics/parquet-session';
import { runCommand, runReport, runToExit } from './local-pipeline';

const log = join(__dirname, '..', 'fixtures', 'access-log-500.log');
const folder = mkdtempSync(join(tmpdir(), 'query-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Counted {
  readonly dimension: string;
  readonly value: string;
  readonly count: number;
}

async function ask<Row>(...args: string[]): Promise<Row[]> {
  const { code, stdout, stderr } = await runCommand('analytics', '--local', folder, '--json', ...args).ended;
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Row[];
}

const key = (window: string, { dimension, value, count }: Counted): string =>
  `${new Date(window).toISOString()} ${dimension} ${value}: ${count}`;

describe('SQL over the archive, after a real log, faults and copies that Firehose made', () => {
  beforeAll(async () => {
    const input = ['--input', log, '--format', 'combined', '--time', 'original'];
    const settings = ['-c', 'analytics=true', '-c', 'parquet=true'];
    // Answers that are lost make Firehose store an object twice; lines that are no events are in it as well.
    const { result } = await runToExit(
      folder,
      ...input,
      ...settings,
      '--chaos',
      'storm',
      '--chaos-seed',
      'query',
    );
    expect(result).toMatchObject({ exact: true, archived: { distinct: expect.any(Number) } });
  }, 120_000);

  it('gives for each counter the number that the table has, hour by hour', async () => {
    const asked = await ask<Counted & { window_start: string }>('counters-by-hour');
    const reported: (Counted & { window: string })[] = [];
    for (const dimension of dimensionNames.filter((name) => name !== 'duplicate')) {
      const args = ['--local', folder, '--dimension', dimension, '--window', 'hour'];
      reported.push(...(await runReport<Counted & { window: string }>(...args)));
    }
    const found = asked.map((row) => key(row.window_start, row)).sort();
    expect(found).toEqual(reported.map((row) => key(row.window, row)).sort());
    expect(found.length).toBeGreaterThan(100);
  }, 60_000);

  it('gives the same over the Parquet copy', async () => {
    const parquet = await openParquet(join(folder, 's3/*/events/**/*.parquet._S3rver_object'));
    const question = readQuestions().find(({ name }) => name === 'counters-by-hour')!;
    const found = await parquet.ask(question.sql);
    parquet.close();
    expect(found.length).toBeGreaterThan(100);
    expect(found).toEqual(await ask('counters-by-hour'));
  }, 60_000);

  it('gives by minute and by day what the counters have', async () => {
    for (const window of ['minute', 'day'] as const) {
      const asked = await ask<{ at: string; count: number }>(
        `SELECT date_trunc('${window}', happened_at) AS at, count(*) AS count FROM events GROUP BY 1 ORDER BY 1`,
      );
      const args = ['--local', folder, '--dimension', 'total', '--window', window];
      const reported = await runReport<{ window: string; count: number }>(...args);
      expect(asked.map(({ at, count }) => `${at} ${count}`)).toEqual(
        reported.map((row) => `${new Date(row.window).toISOString()} ${row.count}`),
      );
    }
  }, 60_000);

  it('counts distinct visitors, which the estimate comes near to', async () => {
    const [exact] = await ask<{ visitors: number }>(
      'SELECT count(DISTINCT visitorId) AS visitors FROM events',
    );
    const [estimated] = await runReport<{ count: number; standardError: number }>(
      ...['--local', folder, '--unique', 'visitors', '--top', '1'],
    );
    expect(Math.abs(estimated!.count - exact!.visitors) / exact!.visitors).toBeLessThan(
      3 * estimated!.standardError,
    );
  }, 60_000);

  it('says what is wrong with a query, and exits with 1', async () => {
    const { code, stderr } = await runCommand('analytics', '--local', folder, 'SELECT pages FROM events')
      .ended;
    expect(code).toBe(1);
    expect(stderr).toContain('"pages" not found');
  }, 60_000);
});
