import { parseCostCommand } from '../../cost/command-line';

describe('The arguments of npm run cost', () => {
  it('have a default each', () => {
    expect(parseCostCommand([])).toMatchObject({
      kind: 'bill',
      json: false,
      options: {
        traffic: {
          eventsPerSecond: 100,
          peakEventsPerSecond: 100,
          eventBytes: 400,
          packing: 'ndjson',
          pages: 1_000,
          lateShare: 0,
        },
        settings: { stage: 'dev', streamMode: 'provisioned' },
        list: { region: 'us-east-1' },
        month: 1,
      },
    });
  });

  it('all count', () => {
    const args = [
      ...[
        '--rate',
        '12.5',
        '--peak',
        '90',
        '--size',
        '512',
        '--pack',
        'kpl',
        '--pages',
        '7',
        '--late',
        '0.03',
      ],
      ...['--month', '4', '--stage', 'prod', '-c', 'batchSize=77', '--region', 'us-east-1', '--json'],
    ];

    expect(parseCostCommand(args)).toMatchObject({
      kind: 'bill',
      json: true,
      options: {
        traffic: {
          eventsPerSecond: 12.5,
          peakEventsPerSecond: 90,
          eventBytes: 512,
          packing: 'kpl',
          pages: 7,
          lateShare: 0.03,
        },
        settings: { stage: 'prod', batchSize: 77 },
        month: 4,
      },
    });
  });

  it.each([
    [['--rate', 'fast'], '--rate is "fast"; allowed: 0 to 1000000 (events a second)'],
    [
      ['--rate', '50', '--peak', '40'],
      '--peak is "40"; allowed: 50 to 1000000 (events a second, from --rate on)',
    ],
    [['--size', '4'], '--size is "4"; allowed: 50 to 262144 (whole number, bytes of an event)'],
    [['--size', '99.5'], '--size is "99.5"; allowed: 50 to 262144 (whole number, bytes of an event)'],
    [['--pack', 'zip'], '--pack is "zip"; allowed: none, ndjson, kpl'],
    [['--late', '2'], '--late is "2"; allowed: 0 to 1 (a share of the events)'],
    [['--month', '0'], '--month is "0"; allowed: 1 to 1200 (whole number, months)'],
    [
      ['--region', 'mars-north-1'],
      '--region is "mars-north-1"; allowed: us-east-1 (cost/prices.ts has the prices of no other)',
    ],
    [
      ['-c', 'batchSize'],
      '--context is "batchSize"; allowed: name=value, for example --context batchSize=500',
    ],
    [
      ['-c', 'batchSize=0'],
      'batchSize: "0" is not allowed; allowed is a whole number from 1 to 10000 (records)',
    ],
    [['--stage', 'test'], 'stage: "test" is not allowed; allowed is one of dev, prod'],
    [['--table', '--rate', '5'], '--rate is not for --table, which has several'],
    [['--speed', '5'], '--speed is no option here'],
  ])('refuse %j', (args, message) => {
    expect(() => parseCostCommand(args)).toThrow(message);
    expect(() => parseCostCommand(args)).toThrow(expect.objectContaining({ name: 'SetupError' }));
  });
});
