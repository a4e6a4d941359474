import { help, parseSoakCommand } from '../../chaos/options';
import { SetupError } from '../../cli/setup-error';

describe('The options of npm run chaos', () => {
  it('are a minute of storm by default, with a seed that can be given again', () => {
    const command = parseSoakCommand([]);
    expect(command).toMatchObject({ faultMs: 60_000, kills: undefined, rate: 300, profile: 'storm' });
    expect(command).toMatchObject({ seed: expect.stringMatching(/^[0-9a-f]{8}$/) });
  });

  it('are all read', () => {
    expect(
      parseSoakCommand([
        ...['--seed', 'seven', '--minutes', '2.5', '--kills', '20', '--rate', '90', '--profile', 'flaky'],
        ...['--data-dir', 'there', '-c', 'batchSize=9', '--context', 'shardCount=2', '--json'],
      ]),
    ).toEqual({
      kind: 'soak',
      seed: 'seven',
      faultMs: 150_000,
      kills: 20,
      rate: 90,
      profile: 'flaky',
      dataDir: 'there',
      context: ['batchSize=9', 'shardCount=2'],
      json: true,
    });
  });

  it('let a number of kills take as long as it takes', () => {
    expect(parseSoakCommand(['--kills', '3'])).toMatchObject({ faultMs: 86_400_000 });
  });

  it.each([
    [['--minutes', '0'], '--minutes is "0"; allowed: a number above 0, up to 1440'],
    [['--minutes', 'long'], '--minutes is "long"; allowed: a number'],
    [['--kills', '1.5'], '--kills is "1.5"; allowed: a whole number'],
    [['--rate', ''], '--rate is ""; allowed: a number above 0, up to 100000'],
    [['--shiny'], '--shiny is no option here'],
  ])('refuse %j', (args, message) => {
    expect(() => parseSoakCommand(args)).toThrow(SetupError);
    expect(() => parseSoakCommand(args)).toThrow(message);
  });

  it('show help that fits a terminal', () => {
    expect(parseSoakCommand(['--help', '--rate', 'x'])).toEqual({ kind: 'help' });
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
  });
});
