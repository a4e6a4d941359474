import { SetupError } from '../../cli/setup-error';
import { help, parseLocalCommand } from '../../local/options';

describe('the options of npm start', () => {
  it('are a few generated clicks a second until Ctrl-C by default', () => {
    expect(parseLocalCommand([])).toEqual({
      kind: 'run',
      traffic: {
        input: expect.objectContaining({ kind: 'synthetic', seed: undefined, time: 'now', site: undefined }),
        rate: { kind: 'steady', perSecond: 5 },
        count: undefined,
        durationMs: undefined,
        isDefault: true,
      },
      exit: false,
      jsonLines: false,
      dataDir: '.local',
      fresh: false,
      context: {},
      port: 4580,
    });
  });

  it('are all read', () => {
    expect(
      parseLocalCommand([
        ...['--input', 'a.log', '--format', 'combined', '--time', 'now', '--rate', '30', '--count', '9'],
        ...['--duration', '7', '--exit', '--data-dir', 'there', '--fresh', '--stage', 'prod'],
        ...['-c', 'batchSize=500', '--context', 'name=a=b', '--port', '6100'],
        ...['--chaos', 'storm', '--chaos-seed', 'nine', '--json-lines', '--exclude', '/health'],
      ]),
    ).toEqual({
      kind: 'run',
      traffic: {
        input: {
          kind: 'file',
          paths: ['a.log'],
          format: 'combined',
          time: 'now',
          speed: 1,
          partitionKey: undefined,
          exclude: ['/health'],
        },
        rate: { kind: 'steady', perSecond: 30 },
        count: 9,
        durationMs: 7_000,
        isDefault: false,
      },
      exit: true,
      jsonLines: true,
      dataDir: 'there',
      fresh: true,
      context: { batchSize: '500', name: 'a=b', stage: 'prod' },
      port: 6100,
      chaos: { profile: 'storm', seed: 'nine' },
    });
  });

  it('leave the producer out on request', () => {
    expect(parseLocalCommand(['--no-producer', '--exit'])).toMatchObject({ traffic: undefined, exit: true });
  });

  it.each([[['--count', '5']], [['--duration', '5']], [['--input', 'a.log']], [['--max', '--count', '5']]])(
    'know an end with %j, so that --exit can come to it',
    (args) => {
      expect(parseLocalCommand(['--exit', ...args])).toMatchObject({ exit: true });
    },
  );

  it.each([
    [['--port', '0'], 0],
    [['--port', '65529'], 65_529],
  ])('take %j', (args, port) => {
    expect(parseLocalCommand(args)).toMatchObject({ port });
  });

  it('prefer --stage to a stage among the context', () => {
    expect(parseLocalCommand(['-c', 'stage=dev', '--stage', 'prod'])).toMatchObject({
      context: { stage: 'prod' },
    });
  });

  it('show help whatever else is asked for', () => {
    expect(parseLocalCommand(['--help', '--port', 'x'])).toEqual({ kind: 'help' });
    expect(help.split('\n').length).toBeLessThanOrEqual(40);
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
  });

  it.each([
    [['--exit'], '--exit needs an end: give --count, --duration, --input or --no-producer'],
    [['--exit', '--max'], '--exit needs an end'],
    [['--no-producer', '--rate', '5'], '--rate is for the producer, which --no-producer leaves out'],
    [['--no-producer', '--input', 'f'], '--input is for the producer, which --no-producer leaves out'],
    [['--no-producer', '--max'], '--max is for the producer, which --no-producer leaves out'],
    [['--port', '65530'], '--port is "65530"; allowed: 0 to 65529 (seven ports are taken from it on)'],
    [['--port=-1'], '--port is "-1"; allowed: 0 to 65529'],
    [['--port', 'http'], '--port is "http"; allowed: 0 to 65529'],
    [['--port', ''], '--port is ""; allowed: 0 to 65529'],
    [
      ['-c', 'batchSize'],
      '--context is "batchSize"; allowed: name=value, for example --context batchSize=500',
    ],
    [['-c', '=5'], '--context is "=5"; allowed: name=value'],
    [['--rate', 'fast'], '--rate is "fast"; allowed: a number above 0, up to 1000000'],
    [['--chaos-seed', 'x'], '--chaos-seed is for --chaos, which is missing'],
    [['--shiny'], '--shiny is no option here'],
    [['--data-dir', ''], '--data-dir is empty; allowed: a folder'],
    [['access.log'], '"access.log" belongs to no option'],
  ])('refuse %j', (args, message) => {
    expect(() => parseLocalCommand(args)).toThrow(SetupError);
    expect(() => parseLocalCommand(args)).toThrow(message);
  });
});
