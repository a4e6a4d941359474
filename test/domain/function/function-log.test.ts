import { functionLog, metricSource } from '../../../domain/function/function-log';

describe('What a function prints', () => {
  const lines: string[] = [];
  const log = functionLog(
    metricSource('counter', { PROJECT: 'shop', STAGE: 'dev' }),
    (line) => lines.push(line),
    () => 1_772_359_200_250,
  );

  it('is one line of JSON, with the metrics that CloudWatch takes from it, by deployment and service', () => {
    const details = { records: 3, invalidByReason: { not_json: 1 } };
    log('WARN', 'batch counted in part', details, { EventsLate: 0, OldestPendingSeconds: 61 });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toEqual({
      level: 'WARN',
      message: 'batch counted in part',
      timestamp: '2026-03-01T10:00:00.250Z',
      project: 'shop',
      stage: 'dev',
      service: 'counter',
      records: 3,
      invalidByReason: { not_json: 1 },
      EventsLate: 0,
      OldestPendingSeconds: 61,
      _aws: {
        Timestamp: 1_772_359_200_250,
        CloudWatchMetrics: [
          {
            Namespace: 'Clickstream',
            Dimensions: [['project', 'stage', 'service']],
            Metrics: [
              { Name: 'EventsLate', Unit: 'Count' },
              { Name: 'OldestPendingSeconds', Unit: 'Seconds' },
            ],
          },
        ],
      },
    });
  });

  it('without metrics has nothing for CloudWatch to take', () => {
    lines.length = 0;
    log('INFO', 'request answered', { rows: 2 }, {});
    expect(Object.keys(JSON.parse(lines[0]!))).toEqual([
      ...['level', 'message', 'timestamp', 'project', 'stage', 'service'],
      'rows',
    ]);
  });

  it('needs both names of the deployment, so that no metric of two deployments is one', () => {
    expect(() => metricSource('counter', { PROJECT: 'shop' })).toThrow(
      'environment variable STAGE is not set',
    );
    expect(() => metricSource('counter', { PROJECT: '', STAGE: 'dev' })).toThrow(
      'environment variable PROJECT is not set',
    );
  });
});
