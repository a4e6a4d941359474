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
    [['--shiny'], /^--shiny is no option here; --help lists those there are$/],
    [['-x'], /^-x is no option here/],
    [['--rate'], /^--rate needs a value$/],
    [['--rate', '--json'], /^--rate needs a value; one that begins with a hyphen is written --rate=--json$/],
    [['--json=yes'], /^--json takes no value, and was given "yes"$/],
    [['events.ndjson'], /^"events.ndjson" belongs to no option/],
    [['--local', 'here', 'there'], /^"there" belongs to no option/],
  ])('that are wrong are named to the person who gave them: %j', (args, message) => {
    expect(() => parse(...args)).toThrow(SetupError);
    expect(() => parse(...args)).toThrow(message);
  });

  it('come with no advice on words without an option, which no command takes', () => {
    expect(() => parse('--shiny')).not.toThrow(/positional/);
  });
});
