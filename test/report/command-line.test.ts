import { SetupError } from '../../cli/setup-error';
import { dimensionNames } from '../../domain/counters/dimensions';
import { help, parseReportCommand } from '../../report/command-line';

const hour = Date.UTC(2026, 0, 31, 9);

describe('the command line of the report', () => {
  const onThisMachine = {
    top: undefined,
    format: 'table',
    zone: undefined,
    units: false,
    target: { kind: 'local', directory: '.local' },
  };

  it('shows an overview of the pipeline on this machine by default', () => {
    expect(parseReportCommand([])).toEqual({ kind: 'overview', ...onThisMachine });
  });

  it.each([[['--local', 'there']], [['--stack', 'Clicks']], [['--time-zone', 'UTC']], [['--units']]])(
    'shows an overview as well for %j',
    (args) => {
      expect(parseReportCommand(args)).toMatchObject({ kind: 'overview' });
    },
  );

  it.each([
    [['--json'], { format: 'json' }],
    [['--csv'], { format: 'csv' }],
    [['--window', 'hour'], { format: 'table' }],
  ])('shows pages by hour for %j', (args, options) => {
    expect(parseReportCommand(args)).toEqual({
      kind: 'report',
      query: { dimension: 'page', window: 'hour' },
      ...onThisMachine,
      ...options,
    });
  });

  it.each([
    [[], Date.UTC(2026, 9, 25)],
    [['--time-zone', 'UTC'], Date.UTC(2026, 9, 25)],
    [['--time-zone', 'Europe/Berlin'], Date.UTC(2026, 9, 24, 22)],
    [['--time-zone', 'Asia/Kathmandu'], Date.UTC(2026, 9, 24, 18, 15)],
  ])('begins a date where the time zone does: %j', (args, from) => {
    expect(parseReportCommand(['--from', '2026-10-25', ...args])).toMatchObject({ query: { from } });
    const later = Date.UTC(2026, 9, 25, 9, 30);
    expect(parseReportCommand(['--from', '2026-10-25T09:30Z', ...args])).toMatchObject({
      query: { from: later },
    });
  });

  it('reads every option', () => {
    expect(
      parseReportCommand([
        ...['--dimension', 'referrer', '--window', 'minute', '--top', '20', '--json', '--stack', 'Clicks'],
        ...['--units', '--time-zone', 'Asia/Tokyo'],
        ...['--from', '2026-01-31T10:00+01:00', '--to', '2026-02-01', '--region', 'eu-west-3'],
        ...['--profile', 'dev', '--endpoint-url', 'http://127.0.0.1:4567'],
      ]),
    ).toEqual({
      kind: 'report',
      query: { dimension: 'referrer', window: 'minute', from: hour, to: Date.UTC(2026, 0, 31, 15) },
      top: 20,
      format: 'json',
      zone: expect.objectContaining({ name: 'Asia/Tokyo' }),
      units: true,
      target: {
        kind: 'stack',
        name: 'Clicks',
        access: { region: 'eu-west-3', profile: 'dev', endpoint: 'http://127.0.0.1:4567' },
      },
    });
  });

  it.each(dimensionNames.map((name) => [name]))('knows the dimension %s', (name) => {
    expect(parseReportCommand(['--dimension', name])).toMatchObject({ query: { dimension: name } });
    expect(help).toContain(name);
  });

  it.each([
    [['--local'], { kind: 'local', directory: '.local' }],
    [['--local', 'elsewhere'], { kind: 'local', directory: 'elsewhere' }],
    [['--stack', 'Clicks'], { kind: 'stack', name: 'Clicks', access: {} }],
  ])('finds the target in %j', (args, target) => {
    expect(parseReportCommand(args)).toMatchObject({ target });
  });

  it.each([
    [['--top', '3'], 'day'],
    [['--top', '3', '--from', '2026-01-31', '--to', '2026-02-01'], 'day'],
    [['--top', '3', '--from', '2026-01-31T09:00Z', '--to', '2026-02-01'], 'hour'],
    [['--top', '3', '--from', '2026-01-31T09:30Z'], 'minute'],
    [['--top', '3', '--to', '2026-01-31T09:30Z'], 'minute'],
    [['--top', '3', '--to', '2026-01-31T09:30Z', '--window', 'hour'], 'hour'],
    [['--to', '2026-01-31T09:30Z'], 'hour'],
  ])('%j reads windows of a size: %s', (args, window) => {
    expect(parseReportCommand(args)).toMatchObject({ query: { window } });
  });

  it('reads distinct visitors of all pages by hour by default', () => {
    expect(parseReportCommand(['--unique', 'visitors'])).toEqual({
      kind: 'uniques',
      query: { unique: 'visitors', dimension: 'total', window: 'hour' },
      ...onThisMachine,
    });
  });

  it.each([
    [['--dimension', 'page'], { dimension: 'page', window: 'hour' }],
    [['--window', 'day'], { dimension: 'total', window: 'day' }],
    // Merged over the range, so that the longest windows serve, which are the fewest.
    [['--top', '1'], { window: 'day' }],
    [['--top', '1', '--from', '2026-01-31', '--to', '2026-02-02'], { window: 'day' }],
    [['--top', '1', '--from', '2026-01-31T09:00Z'], { window: 'hour' }],
    [['--top', '1', '--to', '2026-01-31T09:00Z'], { window: 'hour' }],
    [['--top', '1', '--window', 'hour'], { window: 'hour' }],
    [['--top', '1', '--dimension', 'page'], { dimension: 'page', window: 'hour' }],
  ])('--unique visitors %j reads %j', (args, query) => {
    expect(parseReportCommand(['--unique', 'visitors', ...args])).toMatchObject({ kind: 'uniques', query });
  });

  it.each([
    [['--unique', 'people'], '--unique is "people"; allowed: visitors, sessions'],
    [['--unique', 'sessions', '--dimension', 'page'], '--unique sessions --dimension page; allowed: total'],
    [
      ['--unique', 'visitors', '--dimension', 'referrer'],
      '--unique visitors --dimension referrer; allowed: total, page',
    ],
    [
      ['--unique', 'visitors', '--window', 'minute'],
      '--unique visitors --dimension total --window minute; allowed: hour, day',
    ],
    [
      ['--unique', 'visitors', '--dimension', 'page', '--window', 'day'],
      '--unique visitors --dimension page --window day; allowed: hour',
    ],
  ])('refuses %j with what is allowed', (args, message) => {
    expect(() => parseReportCommand(args)).toThrow(new SetupError(message));
  });

  it('shows help whatever else is asked for', () => {
    expect(parseReportCommand(['-h', '--top', 'x'])).toEqual({ kind: 'help' });
    expect(help.split('\n').length).toBeLessThanOrEqual(40);
  });

  const instants = 'allowed: a date (2026-01-31) or a time with its zone (2026-01-31T09:30Z)';
  it.each([
    [['--dimension', 'colour'], `--dimension is "colour"; allowed: ${dimensionNames.join(', ')}`],
    [['--dimension', '__proto__'], '--dimension is "__proto__"; allowed: total, '],
    [['--window', 'era'], '--window is "era"; allowed: minute, hour, day'],
    [['--window', ''], '--window is ""; allowed: minute, hour, day'],
    [['--top', '0'], '--top is "0"; allowed: a whole number from 1'],
    [['--top', '1.5'], '--top is "1.5"; allowed: a whole number from 1'],
    [['--top', '1e3'], '--top is "1e3"; allowed: a whole number from 1'],
    [['--from', 'yesterday'], `--from is "yesterday"; ${instants}`],
    [['--from', '2026-02-30'], `--from is "2026-02-30"; ${instants}`],
    [['--to', '2026-01-31T09:30'], `--to is "2026-01-31T09:30"; ${instants}`],
    [
      ['--from', '2026-01-31', '--to', '2026-01-31'],
      '--from 2026-01-31 --to 2026-01-31: --to must be later; it is not part of the range',
    ],
    [
      ['--time-zone', 'Berlin'],
      '--time-zone is "Berlin"; allowed: a name of the time zone database, such as Europe/Berlin or UTC',
    ],
    [['--json', '--csv'], '--json and --csv exclude each other: give one of them'],
    [['--stack', 'a', '--local'], '--stack and --local exclude each other: give one of them'],
    [['--stack', ''], '--stack needs a name'],
    [['--region', 'eu-west-3'], '--region is for --stack, which is missing'],
    [['--local', '--profile', 'dev'], '--profile is for --stack, which is missing'],
    [['--endpoint-url', 'http://x'], '--endpoint-url is for --stack, which is missing'],
    [['--stack', 'a', '--endpoint-url', 'x:1'], '--endpoint-url is "x:1"; allowed: an address'],
    [['--shiny'], '--shiny is no option here'],
    [['page'], '"page" belongs to no option'],
  ])('refuses %j', (args, message) => {
    expect(() => parseReportCommand(args)).toThrow(SetupError);
    expect(() => parseReportCommand(args)).toThrow(message);
  });
});
