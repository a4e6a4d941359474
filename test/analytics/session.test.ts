import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/temporary-folder';
import { archiveLines, click, memoryArchive, objectKey, rowsOf, sessionOver } from './memory-archive';

const folder = temporaryFolder('query-session');
const secret = join(folder, 'secret.csv');
writeFileSync(secret, 'secret\nhush\n');
let copies = 0;

function session(options: Parameters<typeof sessionOver>[2] = {}) {
  const records = [
    click({ eventId: 'early', page: '/a' }, '2026-03-01T10:00:00.000Z'),
    click({ eventId: 'late', page: '/b' }, '2026-03-01T10:30:00.000Z'),
  ];
  const source = memoryArchive({ [objectKey('one')]: archiveLines(records) });
  return sessionOver(source, join(folder, `${++copies}.duckdb`), options);
}

describe('A query', () => {
  it.each([
    ['reads a file', `SELECT * FROM read_csv('${secret}')`],
    ['reads a file by its name', `SELECT * FROM '${secret}'`],
    ['lists files', `SELECT * FROM glob('${folder}/*')`],
    ['writes a file', `COPY (SELECT 1) TO '${join(folder, 'out.csv')}'`],
    ['exports everything', `EXPORT DATABASE '${join(folder, 'export')}'`],
    ['opens another database', `ATTACH '${join(folder, 'other.duckdb')}'`],
    ['writes into the copy', "INSERT INTO copy.archive (object) VALUES ('mine')"],
    ['empties the copy', 'DELETE FROM copy.archive'],
    ['drops a table of the copy', 'DROP TABLE copy.archive'],
    ['loads an extension', 'INSTALL httpfs'],
    ['opens the lock', 'SET enable_external_access = true'],
    ['ends the process', "CALL enable_logging(storage = 'file', storage_path = '/tmp/z')"],
    ['hides behind another', 'SELECT 1; DROP VIEW events'],
    ['hides behind a comment', '/* select */ CREATE TABLE mine (a INTEGER)'],
    ['is done to be explained', `EXPLAIN ANALYZE COPY (SELECT 1) TO '${join(folder, 'out.csv')}'`],
    ['reads an environment variable', "SELECT getenv('HOME')"],
    ['moves the lock', "SET allowed_paths = ['/etc/passwd']"],
  ])('that %s is refused, and changes nothing', async (_, sql) => {
    const opened = await session();
    await expect(rowsOf(opened, sql)).rejects.toThrow();
    expect(await rowsOf(opened, 'SELECT count(*) AS n FROM events')).toEqual([{ n: 2 }]);
    expect(existsSync(join(folder, 'out.csv'))).toBe(false);
    opened.close();
  });

  it('finds no file in .tmp of the current directory, which DuckDB would let it into', async () => {
    const before = process.cwd();
    const place = join(folder, 'working');
    mkdirSync(join(place, '.tmp'), { recursive: true });
    writeFileSync(join(place, '.tmp', 'theirs.csv'), 'secret\nhush\n');
    process.chdir(place);
    try {
      const opened = await session();
      await expect(rowsOf(opened, "SELECT * FROM read_csv('.tmp/theirs.csv')")).rejects.toThrow('Permission');
      await expect(
        rowsOf(opened, `SELECT * FROM read_csv('${join(place, '.tmp', 'theirs.csv')}')`),
      ).rejects.toThrow('Permission');
      opened.close();
    } finally {
      process.chdir(before);
    }
  });

  it('may be explained, and measured', async () => {
    const opened = await session();
    for (const explain of ['EXPLAIN', 'explain analyze', 'EXPLAIN (FORMAT json)']) {
      expect(await rowsOf(opened, `${explain} SELECT count(*) FROM events`)).toHaveLength(1);
    }
    opened.close();
  });

  it('sees what arrived in its range alone, the end not included', async () => {
    const range = {
      from: Date.parse('2026-03-01T10:00:00.000Z'),
      to: Date.parse('2026-03-01T10:30:00.000Z'),
    };
    const opened = await session({ range });
    expect(await rowsOf(opened, 'SELECT eventId FROM events')).toEqual([{ eventId: 'early' }]);
    opened.close();
  });

  it('answers what JSON has: numbers, dates, lists; what a double does not hold as text', async () => {
    const opened = await session();
    const sql =
      "SELECT 7::hugeint AS fits, 9007199254740993 AS large, 1.25::decimal(9, 2) AS price, DATE '2026-03-01' AS day, " +
      "TIMESTAMP '2026-03-01 10:00:00.5' AS at, [1, 2] AS list, {'a': 1} AS struct, NULL AS nothing";
    expect(await rowsOf(opened, sql)).toEqual([
      {
        fits: 7,
        large: '9007199254740993',
        price: 1.25,
        day: '2026-03-01',
        at: '2026-03-01T10:00:00.500Z',
        list: [1, 2],
        struct: { a: 1 },
        nothing: null,
      },
    ]);
    opened.close();
  });

  it('may stand behind comments, and end in a semicolon', async () => {
    const opened = await session();
    const sql = '-- What is there?\n/* all of it */ (SELECT count(*) AS n FROM events);\n';
    expect(await rowsOf(opened, sql)).toEqual([{ n: 2 }]);
    opened.close();
  });

  it('may be written as Parquet to the file that was asked for, and to no other', async () => {
    const parquetFile = join(folder, 'pages.parquet');
    writeFileSync(parquetFile, 'of before');
    const opened = await session({ parquetFile });
    await opened.writeParquet('SELECT page FROM events;');
    expect(readFileSync(parquetFile).toString('latin1', 0, 4)).toBe('PAR1');
    await expect(rowsOf(opened, `COPY (SELECT 1) TO '${join(folder, 'out.csv')}'`)).rejects.toThrow();
    opened.close();
  });
});
