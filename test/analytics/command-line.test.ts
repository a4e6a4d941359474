import { parseQueryCommand } from '../../analytics/command-line';

const questions = [
  { name: 'exits', about: 'Where do sessions end?', sql: '-- Where do sessions end?\nSELECT 1\n' },
];
const parse = (...args: string[]) => parseQueryCommand(args, questions);

describe('npm run query', () => {
  it('asks the pipeline on this machine, and shows a table', () => {
    expect(parse('select 1')).toEqual({
      kind: 'query',
      sql: 'select 1',
      format: 'table',
      parquetFile: undefined,
      range: { from: undefined, to: undefined },
      maxMiB: 1024,
      place: { kind: 'local', directory: '.local' },
    });
  });

  it('takes a question by its name, and a prompt without any', () => {
    expect(parse('exits')).toMatchObject({ sql: questions[0]!.sql });
    expect(parse('--csv')).toMatchObject({ sql: undefined, format: 'csv' });
  });

  it('reads a range of a deployed pipeline', () => {
    expect(
      parse(
        'exits',
        '--stack',
        'shop-prod',
        '--from',
        '2026-03-01',
        '--to',
        '2026-03-02T10:00+01:00',
        '--max-mib',
        '7',
      ),
    ).toMatchObject({
      range: { from: Date.parse('2026-03-01T00:00Z'), to: Date.parse('2026-03-02T09:00Z') },
      maxMiB: 7,
      place: { kind: 'stack', name: 'shop-prod' },
    });
  });

  it.each([
    [['leaving'], '"leaving" is neither SQL nor a question; allowed: "select …", or one of exits'],
    [['select 1', 'select 2'], '"select 2" stands behind the query; allowed: one query, in quotes'],
    [['exits', '--stack', 'shop-prod'], '--stack needs --from'],
    [['exits', '--json', '--csv'], '--json and --csv exclude each other'],
    [['exits', '--json', '--parquet', 'f'], '--json and --parquet exclude each other'],
    [['--athena'], '--athena needs a query'],
    [['exits', '--from', '2026-03-02', '--to', '2026-03-01'], '--to must be later'],
    [['exits', '--max-mib', '0'], '--max-mib is "0"; allowed: a whole number from 1 to 1000000'],
  ])('%j is refused', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });
});
