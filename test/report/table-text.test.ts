import { tableText } from '../../report/table-text';

const row = (value: string, count: number, window?: string) => ({
  dimension: 'page',
  value,
  count,
  ...(window === undefined ? {} : { window }),
});

describe('the table for a terminal', () => {
  it('has a column for each part, numbers to the right', () => {
    const rows = [row('/pricing', 12_345, '2026-03-01T09:00:00Z'), row('/', 6, '2026-03-01T10:00:00Z')];

    expect(tableText(rows, 80).split('\n')).toEqual([
      'window                page         count',
      '────────────────────  ──────────  ──────',
      '2026-03-01T09:00:00Z  /pricing    12,345',
      '2026-03-01T10:00:00Z  /                6',
      '',
    ]);
  });

  it('has no column for the window where the rows have none', () => {
    expect(tableText([row('/a', 7), row('/bc', 5)], 80).split('\n')).toEqual([
      'page        count',
      '──────────  ─────',
      '/a              7',
      '/bc             5',
      '',
    ]);
  });

  it('says of an estimate what it estimates, and its standard error', () => {
    const estimates = [
      { unique: 'visitors', dimension: 'page', value: '/a', count: 12_345, standardError: 0.03247 } as const,
    ];

    expect(tableText(estimates, 80).split('\n')).toEqual([
      'page        visitors (±3.2 %)',
      '──────────  ─────────────────',
      '/a                     12,345',
      '',
    ]);
  });

  it('says so when there is nothing', () => {
    expect(tableText([], 80)).toBe('nothing counted in this range\n');
  });

  it('cuts values to what the width leaves for them, and says that it did', () => {
    const rows = [row('/a/very/long/path/that/goes/on', 1), row('/short', 22)];
    const lines = tableText(rows, 30).trimEnd().split('\n');

    expect(lines[2]).toBe('/a/very/long/path/that…      1');
    expect(lines.map((line) => line.length)).toEqual([30, 30, 30, 30]);
  });

  it('does not cut a value that just fits', () => {
    const value = `/${'x'.repeat(22)}`;

    expect(tableText([row(value, 1)], 30)).toContain(`\n${value}      1\n`);
  });

  it('leaves ten characters for a value however narrow the terminal is', () => {
    expect(tableText([row('/0123456789', 1)], 3)).toContain('/01234567…');
  });

  it.each([
    ['an escape sequence', '/\u001b[2J\u001b]0;title\u0007'],
    ['line breaks and tabs', '/a\r\nb\tc'],
    ['a C1 control', '/\u009b31m'],
    ['a change of direction', '/\u202egpj.exe'],
    ['a lone surrogate', '/\ud800'],
    ['a NUL', '/\u0000'],
  ])('does not let %s from a visitor through to the terminal', (_, value) => {
    const text = tableText([row(value, 1)], 80);

    expect(text.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
    expect(text).toContain('\u{fffd}');
    expect(text.split('\n')).toHaveLength(4);
  });

  it('takes as many rows as a table may have', () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => row(`/${i}`, 1));

    expect(tableText(rows, 80)).toContain('\n/199999         1\n');
  });

  it('shows letters of any script as they are', () => {
    expect(tableText([row('/größe/日本', 1)], 80)).toContain('/größe/日本');
  });
});
