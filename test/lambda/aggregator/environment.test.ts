import { readEnvironment } from '../../../lambda/aggregator/environment';

const environment = { TABLE_NAME: 'aggregates', MINUTE_RETENTION_DAYS: '7', HOUR_RETENTION_DAYS: '90' };

describe('The aggregator’s environment', () => {
  it('is read into settings', () => {
    expect(readEnvironment(environment)).toEqual({
      tableName: 'aggregates',
      retentionDays: { minute: 7, hour: 90 },
    });
  });

  it.each([
    ['TABLE_NAME', undefined, 'TABLE_NAME is not set'],
    ['MINUTE_RETENTION_DAYS', '0', 'MINUTE_RETENTION_DAYS is "0": must be a whole number of days from 1'],
    ['HOUR_RETENTION_DAYS', 'many', 'HOUR_RETENTION_DAYS is "many"'],
    ['HOUR_RETENTION_DAYS', '', 'HOUR_RETENTION_DAYS is not set'],
  ])('with %s = %j is refused by name', (name, value, message) => {
    expect(() => readEnvironment({ ...environment, [name]: value })).toThrow(message);
  });
});
