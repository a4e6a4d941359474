import { windowSizes } from '../../../domain/counters/window';
import { readEnvironment } from '../../../lambda/compactor/environment';
import { retentionDays } from '../../support/retention-factory';

const retention = retentionDays({ minute: 7, hour: 80, day: 400 });
const environment = {
  TABLE_NAME: 'aggregates',
  COMPACTION_SECONDS: '90',
  LOG_DAYS: '11',
  ...Object.fromEntries(
    windowSizes.map((size) => [`${size.toUpperCase()}_RETENTION_DAYS`, String(retention[size])]),
  ),
};

describe('The compactor’s environment', () => {
  it('is read into settings', () => {
    expect(readEnvironment(environment)).toEqual({
      tableName: 'aggregates',
      compactionSeconds: 90,
      logDays: 11,
      retentionDays: retention,
    });
  });

  it.each([
    ['TABLE_NAME', undefined, 'TABLE_NAME is not set'],
    ['COMPACTION_SECONDS', '-1', 'COMPACTION_SECONDS is "-1": must be a whole number of seconds from 0'],
    ['LOG_DAYS', '0', 'LOG_DAYS is "0": must be a whole number of days from 1'],
    ['MINUTE_RETENTION_DAYS', '0', 'MINUTE_RETENTION_DAYS is "0": must be a whole number of days from 1'],
    ['HOUR_RETENTION_DAYS', 'many', 'HOUR_RETENTION_DAYS is "many"'],
    ['DAY_RETENTION_DAYS', '', 'DAY_RETENTION_DAYS is not set'],
  ])('with %s = %j is refused by name', (name, value, message) => {
    expect(() => readEnvironment({ ...environment, [name]: value })).toThrow(message);
  });
});
