import { readEnvironment } from '../../../lambda/aggregator/environment';

const environment = {
  TABLE_NAME: 'aggregates',
  DEDUPLICATION_SECONDS: '0',
  UNIQUE_VISITORS: 'total',
  LOG_DAYS: '11',
};

describe('The aggregator’s environment', () => {
  it('is read into settings', () => {
    expect(readEnvironment(environment)).toEqual({
      tableName: 'aggregates',
      deduplicationSeconds: 0,
      uniqueVisitors: 'total',
      logDays: 11,
    });
  });

  it.each([
    ['TABLE_NAME', undefined, 'TABLE_NAME is not set'],
    [
      'DEDUPLICATION_SECONDS',
      '-1',
      'DEDUPLICATION_SECONDS is "-1": must be a whole number of seconds from 0',
    ],
    ['LOG_DAYS', '0', 'LOG_DAYS is "0": must be a whole number of days from 1'],
    ['LOG_DAYS', 'many', 'LOG_DAYS is "many"'],
    ['LOG_DAYS', '', 'LOG_DAYS is not set'],
    ['UNIQUE_VISITORS', 'all', 'UNIQUE_VISITORS is "all": must be one of off, total, page'],
  ])('with %s = %j is refused by name', (name, value, message) => {
    expect(() => readEnvironment({ ...environment, [name]: value })).toThrow(message);
  });
});
