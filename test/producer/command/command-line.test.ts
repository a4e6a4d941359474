import { parseCommand } from '../../../producer/command/command-line';

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
      ...[
        '--input',
        'a.log',
        '--linger',
        '250',
        '--attempts',
        '4',
        '--retry-for',
        '90.5',
        '--failed',
        'b.ndjson',
        '--json',
        '--count',
        '9',
      ],
      ...['--pack', 'kpl', '--pack-bytes', '2048', '--buffer', '8', '--ledger', 'c.ndjson', '--quiet'],
    ]);

    expect(command).toMatchObject({
      kind: 'produce',
      target: {
        kind: 'stream',
        name: 'clicks',
        access: { region: 'eu-west-3', profile: 'dev', endpoint: 'http://127.0.0.1:4567' },
      },
      traffic: { input: { paths: ['a.log'] }, count: 9 },
      settings: {
        lingerMs: 250,
        maxAttempts: 4,
        retryForMs: 90_500,
        packing: 'kpl',
        packBytes: 2048,
        maxBufferedBytes: 8 * 1024 * 1024,
        maxBufferedEvents: 12_000,
      },
      failedFile: 'b.ndjson',
      ledger: { path: 'c.ndjson', resume: false },
      json: true,
      quiet: true,
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

  it('leaves what is not asked for to the producer', () => {
    expect(parseCommand(['--local'])).toMatchObject({
      settings: { packing: 'ndjson' },
      ledger: undefined,
      quiet: false,
    });
  });

  it.each([[['--input', 'a.log', '--resume', 'c.ndjson']], [['--seed', '7', '--resume', 'c.ndjson']]])(
    'goes on with a ledger: %j',
    (args) => {
      expect(parseCommand(['--local', ...args])).toMatchObject({
        ledger: { path: 'c.ndjson', resume: true },
      });
    },
  );

  it('needs no target for a dry run', () => {
    expect(parseCommand(['--dry-run'])).toMatchObject({ kind: 'dry-run', traffic: { isDefault: true } });
  });

  it('shows help whatever else is asked for', () => {
    expect(parseCommand(['-h', '--local', '--stream', 'x'])).toEqual({ kind: 'help' });
  });

  it.each([
    [[], 'where to send to is missing: give one of --stream NAME, --stack NAME or --local'],
    [['--stream', 'a', '--stack', 'b'], 'there is more than one place to send to'],
    [['--stream', ''], '--stream needs a name'],
    [['--local', '--region', 'eu-west-3'], '--region is for --stack, which is missing'],
    [
      ['--stream', 'a', '--endpoint-url', 'localhost:4567'],
      '--endpoint-url is "localhost:4567"; allowed: an address',
    ],
    [['--stream', 'a', '--retry-for', '0'], '--retry-for is "0"; allowed: a number above 0'],
    [['--stream', 'a', '--attempts', '0'], '--attempts is "0"; allowed: a whole number from 1 to 1000'],
    [['--dry-run', '--json'], '--dry-run prints events and --json a summary: give one of them'],
    [
      ['--stream', 'a', '--input', 'x', '--failed', './x'],
      '--failed and --input are both ./x: give two files',
    ],
    [['--stream', 'a', '--failed', 'x', '--ledger', './x'], '--ledger and --failed are both ./x'],
    [['--stream', 'a', '--ledger', 'x', '--resume', 'x', '--seed', 's'], '--resume continues the ledger'],
    [['--stream', 'a', '--resume', 'x'], '--resume needs the same events again'],
    [['--stream', 'a', '--resume', 'x', '--input', '-'], '--resume needs the same events again'],
    [['--stream', 'a', '--ledger', ''], '--ledger and --resume need a file'],
    [['--dry-run', '--ledger', 'x'], '--dry-run sends nothing'],
    [['--stream', 'a', '--pack', 'zip'], '--pack is "zip"; allowed: none, ndjson, kpl'],
    [['--stream', 'a', '--pack', 'none', '--pack-bytes', '9000'], '--pack none packs nothing'],
    [
      ['--stream', 'a', '--pack', 'ndjson', '--pack-bytes', '1000'],
      '--pack-bytes is "1000"; allowed: a whole number from 1024 to',
    ],
    [['--stream', 'a', '--buffer', '0.5'], '--buffer is "0.5"; allowed: a whole number from 1 to 4096'],
    [['--shiny'], '--shiny is no option here'],
    [['--rate'], '--rate needs a value'],
    [['events.ndjson'], '"events.ndjson" belongs to no option'],
  ])('refuses %j', (args, message) => {
    expect(() => parseCommand(args)).toThrow(message);
  });
});
