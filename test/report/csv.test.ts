import fc from 'fast-check';
import { csvText } from '../../report/csv';

const one = (value: string): string => csvText(['value', 'count'], [{ value, count: 7 }]).split('\r\n')[1]!;

describe('a report as CSV', () => {
  it('has the columns at its head, and a line for each row', () => {
    const rows = [
      { page: '/a', count: 7, other: 'left out' },
      { page: '/b', count: 8 },
    ];
    expect(csvText(['page', 'count'], rows)).toBe('page,count\r\n/a,7\r\n/b,8\r\n');
  });

  it('has its head alone without rows', () => {
    expect(csvText(['page', 'count'], [])).toBe('page,count\r\n');
  });

  it.each([
    ['/a,b', '"/a,b",7'],
    ['/"quoted"', '"/""quoted""",7'],
    ['/größe 日本', '/größe 日本,7'],
  ])('quotes where it must: %s', (value, line) => {
    expect(one(value)).toBe(line);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\uff1d1', '=HYPERLINK("x","y")'])(
    'makes %s harmless for a spreadsheet',
    (value) => {
      expect(one(value)).toMatch(/^"?'/);
    },
  );

  it('lets no cell begin a formula, end a line or reach a terminal raw, whatever visitors send', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const text = csvText(['value'], [{ value }]);
        expect(text.split('\r\n')).toHaveLength(3);
        const line = text.split('\r\n')[1]!;
        expect(line).not.toMatch(/^"?[=+\-@\t\r]/);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
