import { readEnvironment } from '../../../lambda/aggregator/environment';

const environment = {
  TABLE_NAME: 'aggregates',
  MINUTES_FOR_DAYS: '7',
  DEDUPLICATION_SECONDS: '0',
  LOG_DAYS: '14',
  UNIQUE_VISITORS: 'total',
};

describe('The aggregator’s environment', () => {
  it('is read into settings', () => {
    expect(readEnvironment(environment)).toEqual({
      tableName: 'aggregates',
      minutesForDays: 7,
      deduplicationSeconds: 0,
      logDays: 14,
      uniqueVisitors: 'total',
    });
  });

  it.each([
    ['TABLE_NAME', undefined, 'TABLE_NAME is not set'],
    ['MINUTES_FOR_DAYS', '-1', 'MINUTES_FOR_DAYS is "-1": must be a whole number of days from 0'],
    ['LOG_DAYS', 'many', 'LOG_DAYS is "many"'],
    ['LOG_DAYS', '', 'LOG_DAYS is not set'],
    [
      'DEDUPLICATION_SECONDS',
      '-1',
      'DEDUPLICATION_SECONDS is "-1": must be a whole number of seconds from 0',
    ],
    ['UNIQUE_VISITORS', 'all', 'UNIQUE_VISITORS is "all": must be one of off, total, page'],
  ])('with %s = %j is refused by name', (name, value, message) => {
    expect(() => readEnvironment({ ...environment, [name]: value })).toThrow(message);
  });
});
