import { parseOptions } from '../../cli/arguments';
import { SetupError } from '../../cli/setup-error';

const options = {
  local: { type: 'string' },
  rate: { type: 'string' },
  json: { type: 'boolean', short: 'j' },
} as const;

const parse = (...args: string[]) => parseOptions(args, options);

describe('options', () => {
  it('are read in each of their spellings', () => {
    expect(parse('--rate', '5', '-j')).toEqual({ rate: '5', json: true });
    expect(parse('--rate=7', '--json')).toEqual({ rate: '7', json: true });
    expect(parse()).toEqual({});
  });

  it.each([
    [['--local'], { local: '.local' }],
    [['--local', '--json'], { local: '.local', json: true }],
    [['--local', '-j'], { local: '.local', json: true }],
    [['--local', 'elsewhere'], { local: 'elsewhere' }],
    [['--local', 'elsewhere', '--rate', '3'], { local: 'elsewhere', rate: '3' }],
    [['--local=there'], { local: 'there' }],
    [['--rate', '9', '--local'], { rate: '9', local: '.local' }],
  ])('take a directory for --local, or none: %j', (args, values) => {
    expect(parse(...args)).toEqual(values);
  });

  it.each([
    [['--shiny'], /^Unknown option '--shiny'$/],
    [['-x'], /^Unknown option '-x'$/],
    [['--rate'], /^Option '--rate <value>' argument missing$/],
    [['--rate', '--json'], /^Option '--rate' argument is ambiguous/],
    [['--json=yes'], /^Option '-j, --json' does not take an argument$/],
    [['events.ndjson'], /^Unexpected argument 'events.ndjson'/],
    [['--local', 'here', 'there'], /^Unexpected argument 'there'/],
  ])('that are wrong are named to the person who gave them: %j', (args, message) => {
    expect(() => parse(...args)).toThrow(SetupError);
    expect(() => parse(...args)).toThrow(message);
  });

  it('come with no advice on words without an option, which no command takes', () => {
    expect(() => parse('--shiny')).not.toThrow(/positional/);
  });
});
