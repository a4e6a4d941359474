import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { athenaText } from '../../analytics/athena-text';
import { readQuestions } from '../../analytics/questions';
import { views } from '../../analytics/views';
import { temporaryFolder } from '../support/temporary-folder';

const range = { from: Date.parse('2026-02-27T22:30:00Z'), to: Date.parse('2026-03-01T00:00:00Z') };

interface TrinoParser {
  validate(sql: string): { readonly message: string }[];
}

const bundle = join(temporaryFolder('trino'), 'trino.cjs');

/** The package's modules are such as only a bundler takes. */
function trinoParser(): TrinoParser {
  buildSync({
    stdin: { contents: "export { TrinoSQL } from 'dt-sql-parser/dist/parser/trino'", resolveDir: __dirname },
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  });
  const { TrinoSQL } = require(bundle) as { readonly TrinoSQL: new () => TrinoParser };
  return new TrinoSQL();
}

const trino = trinoParser();

/** What is wrong with a text, by Trino's grammar. */
function faultsIn(sql: string): string[] {
  return trino.validate(sql).map(({ message }) => message);
}

describe("Athena's grammar", () => {
  it.each(views)('has the view $name', ({ sql }) => {
    expect(faultsIn(sql)).toEqual([]);
  });

  it.each(readQuestions())('has the question $name, alone and with a range', ({ sql }) => {
    expect(faultsIn(sql)).toEqual([]);
    expect(faultsIn(athenaText(sql, range))).toEqual([]);
  });

  it('is looked at: it has neither what is no SQL nor what DuckDB alone knows', () => {
    expect(faultsIn('SELECT count(* FROM events')).not.toEqual([]);
    expect(faultsIn('SELECT * EXCLUDE (page) FROM events')).not.toEqual([]);
  });
});

describe('A query for Athena', () => {
  it('reads the hours of its range, and of a day before, in which an object may be filed', () => {
    const text = athenaText('SELECT count(*) FROM archive', range);
    expect(text).toContain("year >= '2026'");
    expect(text).toContain("concat(year, '/', month, '/', day, '/', hour) >= '2026/02/26/22'");
    expect(text).toContain("arrivedAt < '2026-03-01T00:00:00.000Z'");
    // February and March: the days of neither bound it.
    expect(text).not.toMatch(/^ +AND day/m);
  });

  it('has the views that it needs, and no others', () => {
    const viewsIn = (text: string) => [...text.matchAll(/^(\w+) AS \($/gm)].map(([, name]) => name);
    expect(viewsIn(athenaText('SELECT count(*) FROM page_views', range))).toEqual([
      'events_once',
      'page_views',
    ]);
    expect(viewsIn(athenaText('SELECT count(*) FROM visits', range))).toEqual(['events_once', 'visits']);
  });

  it('is as it was asked without a range', () => {
    expect(athenaText('SELECT 1;', {})).toBe('SELECT 1\n');
  });
});
