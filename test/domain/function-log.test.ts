import { functionLog } from '../../domain/function-log';

describe('What a function prints', () => {
  const lines: string[] = [];
  const { log, count } = functionLog(
    'counter',
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

  it('is one line of embedded metrics for some counts, by service and by what else they are counted by', () => {
    count({ Records: 3, EventsLate: 0 });
    count({ EventsInvalidByReason: 2 }, { reason: 'not_json' });
    expect(printed()).toEqual([
      {
        _aws: {
          Timestamp: 1_772_359_200_250,
          CloudWatchMetrics: [
            {
              Namespace: 'Clickstream',
              Dimensions: [['service']],
              Metrics: [
                { Name: 'Records', Unit: 'Count' },
                { Name: 'EventsLate', Unit: 'Count' },
              ],
            },
          ],
        },
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
              Dimensions: [['service', 'reason']],
              Metrics: [{ Name: 'EventsInvalidByReason', Unit: 'Count' }],
            },
          ],
        },
        service: 'counter',
        reason: 'not_json',
        EventsInvalidByReason: 2,
      },
    ]);
  });
});
