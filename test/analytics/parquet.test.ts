import { linesOfParquet, type ParquetColumn, parquetOf } from '../../analytics/duckdb/parquet';
import { archiveColumns } from '../../domain/archive/columns';
import { linesIn } from '../../domain/archive/lines-in';
import { clickJson } from '../support/click-factory';
import { archiveLines, click, type Sent } from './memory-archive';

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
});
