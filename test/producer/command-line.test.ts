import { parseCommand } from '../../producer/command-line';

describe('the command line', () => {
  it('reads every option', () => {
    const command = parseCommand([
      ...[
        '--stream',
        'clicks',
        '--region',
        'eu-west-3',
        '--profile',
        'dev',
        '--endpoint-url',
        'http://127.0.0.1:4567',
      ],
      ...['--input', 'a.log', '--attempts', '4', '--failed', 'b.ndjson', '--json', '--count', '9'],
    ]);

    expect(command).toMatchObject({
      kind: 'produce',
      target: {
        kind: 'stream',
        name: 'clicks',
        access: { region: 'eu-west-3', profile: 'dev', endpoint: 'http://127.0.0.1:4567' },
      },
      traffic: { input: { path: 'a.log' }, count: 9 },
      maxAttempts: 4,
      failedFile: 'b.ndjson',
      json: true,
    });
  });

  it.each([
    [['--stack', 'Clicks'], { kind: 'stack', name: 'Clicks', access: {} }],
    [['--local'], { kind: 'local', directory: '.local' }],
    [['--local', '--count', '3'], { kind: 'local', directory: '.local' }],
    [['--local', 'elsewhere', '--json'], { kind: 'local', directory: 'elsewhere' }],
    [['--local=there'], { kind: 'local', directory: 'there' }],
  ])('finds the target in %j', (args, target) => {
    expect(parseCommand(args)).toMatchObject({ kind: 'produce', target, json: args.includes('--json') });
  });

  it('needs no target for a dry run', () => {
    expect(parseCommand(['--dry-run'])).toMatchObject({ kind: 'dry-run', traffic: { isDefault: true } });
  });

  it('shows help whatever else is asked for', () => {
    expect(parseCommand(['-h', '--local', '--stream', 'x'])).toEqual({ kind: 'help' });
  });

  it.each([
    [[], 'where to send to is missing: give one of --stream NAME, --stack NAME or --local (or --dry-run)'],
    [['--stream', 'a', '--stack', 'b'], 'there is more than one place to send to'],
    [['--stream', ''], '--stream and --stack need a name'],
    [['--local', '--region', 'eu-west-3'], '--local brings its own --region, --profile and --endpoint-url'],
    [
      ['--stream', 'a', '--endpoint-url', 'localhost:4567'],
      '--endpoint-url is "localhost:4567"; allowed: an address',
    ],
    [['--stream', 'a', '--attempts', '0'], '--attempts is "0"; allowed: a whole number from 1 to 1000'],
    [['--dry-run', '--json'], '--dry-run prints events and --json a summary: give one of them'],
    [['--stream', 'a', '--input', 'x', '--failed', './x'], '--failed and --input are both ./x'],
    [['--shiny'], "Unknown option '--shiny'"],
    [['--rate'], "Option '--rate <value>' argument missing"],
    [['events.ndjson'], "Unexpected argument 'events.ndjson'"],
  ])('refuses %j', (args, message) => {
    expect(() => parseCommand(args)).toThrow(message);
  });
});
