import { readEnvironment } from '../../../lambda/anomalies/environment';

const environment = {
  TABLE_NAME: 'aggregates',
  COMPACTION_SECONDS: '45',
  HOUR_RETENTION_DAYS: '31',
  UNIQUE_VISITORS: 'page',
};

describe('the environment of the detector of anomalies', () => {
  it('is read', () => {
    expect(readEnvironment(environment)).toEqual({
      tableName: 'aggregates',
      compactionSeconds: 45,
      hourRetentionDays: 31,
      uniqueVisitors: 'page',
    });
  });

  it.each([
    ['HOUR_RETENTION_DAYS', '0'],
    ['UNIQUE_VISITORS', 'some'],
    ['TABLE_NAME', ''],
  ])('is refused with %s "%s"', (name, value) => {
    expect(() => readEnvironment({ ...environment, [name]: value })).toThrow(name);
  });
});
