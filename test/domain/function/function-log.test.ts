import { functionLog, metricSource } from '../../../domain/function/function-log';

describe('What a function prints', () => {
  const lines: string[] = [];
  const { log, count } = functionLog(
    metricSource('counter', { PROJECT: 'shop', STAGE: 'dev' }),
    (line) => lines.push(line),
    () => 1_772_359_200_250,
  );
  const printed = () => lines.splice(0).map((line) => JSON.parse(line));

  it('is a line of JSON for a message', () => {
    log('WARN', 'batch counted in part', { records: 3, invalidByReason: { not_json: 1 } });
    expect(printed()).toEqual([
      {
        level: 'WARN',
        message: 'batch counted in part',
        timestamp: '2026-03-01T10:00:00.250Z',
        service: 'counter',
        records: 3,
        invalidByReason: { not_json: 1 },
      },
    ]);
  });

  it('is one line of embedded metrics for some counts, by deployment, service and what else they are counted by', () => {
    count({ Records: 3, EventsLate: 0 });
    count({ EventsInvalidByReason: 2 }, { reason: 'not_json' });
    expect(printed()).toEqual([
      {
        _aws: {
          Timestamp: 1_772_359_200_250,
          CloudWatchMetrics: [
            {
              Namespace: 'Clickstream',
              Dimensions: [['project', 'stage', 'service']],
              Metrics: [
                { Name: 'Records', Unit: 'Count' },
                { Name: 'EventsLate', Unit: 'Count' },
              ],
            },
          ],
        },
        project: 'shop',
        stage: 'dev',
        service: 'counter',
        Records: 3,
        EventsLate: 0,
      },
      {
        _aws: {
          Timestamp: 1_772_359_200_250,
          CloudWatchMetrics: [
            {
              Namespace: 'Clickstream',
              Dimensions: [['project', 'stage', 'service', 'reason']],
              Metrics: [{ Name: 'EventsInvalidByReason', Unit: 'Count' }],
            },
          ],
        },
        project: 'shop',
        stage: 'dev',
        service: 'counter',
        reason: 'not_json',
        EventsInvalidByReason: 2,
      },
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
