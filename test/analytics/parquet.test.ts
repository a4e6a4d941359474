import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { linesOfParquet, type ParquetColumn, parquetOf } from '../../analytics/duckdb/parquet';
import { readQuestions } from '../../analytics/questions';
import { archiveColumns } from '../../domain/archive/columns';
import { linesIn } from '../../domain/archive/lines-in';
import { type ClickOverrides, clickJson } from '../support/click-factory';
import { temporaryFolder } from '../support/temporary-folder';
import {
  archiveLines,
  click,
  memoryArchive,
  objectKey,
  rowsOf as rowsFrom,
  type Sent,
  sessionOver,
} from './memory-archive';
import { openParquet } from './parquet-session';

const columns: readonly ParquetColumn[] = archiveColumns.map(({ name, type }) => ({
  name: name.toLowerCase(),
  member: name,
  type,
}));

const rowsOf = async (records: readonly Sent[]): Promise<Record<string, unknown>[]> => {
  const parquet = await parquetOf(Buffer.from(archiveLines(records)), columns);
  const lines = await linesOfParquet(parquet, columns);
  return [...linesIn(lines)].map((line) => JSON.parse(line.toString()) as Record<string, unknown>);
};

/** What an event may hold that a converter could stumble over. */
const hostile = [
  { page: `/"quoted" 'twice'; DROP TABLE archive; --` },
  { page: '/line\nbreak\r\tand tab' },
  { page: '/nul \u0000 inside' },
  { page: '/👩‍👩‍👧 and 日本語', title: '\u2028' },
  { status: { code: [1, null, 'x'] }, bytes: true },
  { Title: 'not the title', ELEMENT: 7 },
  { deep: JSON.parse(`${'['.repeat(30)}${']'.repeat(30)}`) },
  { select: 1, "it's": 2, '"': 3 },
];

const folder = temporaryFolder('parquet');

describe('Lines as Parquet', () => {
  it('hold every column of every line, whatever an event holds', async () => {
    const records = hostile.map((fields, index) => click({ eventId: `e-${index}`, ...fields }));
    const long = { data: clickJson().replace(/}$/, ',"status":404,"bytes":9007199254740993}') };
    const sent = [long, ...records, { data: 'no json "' }];
    const rows = await rowsOf(sent);
    const lines = [...linesIn(Buffer.from(archiveLines(sent)))].map((line) => JSON.parse(line.toString()));
    expect(rows.map(({ sequenceNumber, rejected }) => [sequenceNumber, rejected])).toEqual(
      lines.map(({ sequenceNumber, rejected }) => [sequenceNumber, rejected]),
    );
    expect(rows.map(({ page, title }) => [page, title])).toEqual(
      lines.map(({ page, title }) => [page, title]),
    );
    expect(rows[0]).toMatchObject({ status: '404', bytes: '9007199254740993' });
    expect(rows[5]).toMatchObject({ status: '{"code":[1,null,"x"]}', bytes: 'true' });
  });

  it('fail together with a line that does not fit, rather than leave it out', async () => {
    const whole = archiveLines([click()]);
    const broken = whole.replace(/"subSequenceNumber":0/, '"subSequenceNumber":"none"');
    await expect(parquetOf(Buffer.from(whole + broken), columns)).rejects.toThrow('none');
  });

  it('answer every question as the lines do', async () => {
    const records = Array.from({ length: 60 }, (_, index) =>
      click({
        ...hostile[index % hostile.length],
        eventId: `e-${index % 50}`,
        visitorId: `v-${index % 7}`,
        type: ['page_view', 'purchase', 'request'][index % 3]!,
        campaign: ['spring', ''][index % 2]!,
        referrer: ['https://search.example/?q=1', '-', 'no address'][index % 3]!,
        userAgent: ['Googlebot/2.1 (+http://www.google.com/bot.html)', 'Mozilla/5.0 (Windows)'][index % 2]!,
        status: [404, '200', { code: 200 }][index % 3],
        timestamp: new Date(Date.parse('2026-03-01T06:00:00Z') + index * 240_000).toISOString(),
      } as ClickOverrides),
    );
    const body = Buffer.from(archiveLines([...records, { data: 'no json' }, { data: '{}' }]));
    // Each object twice, as Firehose may deliver it.
    const source = memoryArchive({
      [objectKey('one')]: gzipSync(body),
      [objectKey('again')]: gzipSync(body),
    });
    for (const name of ['one', 'again']) {
      const path = join(folder, objectKey(name)).replace(/gz$/, 'parquet');
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, await parquetOf(body, columns));
    }
    const overLines = await sessionOver(source, join(folder, 'copy.duckdb'));
    const overParquet = await openParquet(join(folder, '**/*.parquet'));
    let answers = 0;
    for (const { name, sql } of readQuestions()) {
      const answer = await rowsFrom(overLines, sql);
      answers += answer.length;
      // The columns of Athena's tables have no capitals.
      const values = (rows: readonly object[]) => [name, ...rows.map((row) => Object.values(row))];
      expect(values(await overParquet.ask(sql))).toEqual(values(answer));
    }
    expect(answers).toBeGreaterThan(50);
    overLines.close();
    overParquet.close();
  });
});
