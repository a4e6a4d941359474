import type { AggregatesTable } from '../aggregates-table';
import { type AlarmRule, mostOfFiveMinutes } from './alarm-rule';
import { metric } from './metrics';

/**
 * The alarms of what DynamoDB itself tells of the table. Whether a minute without data can be fine for them is not sure: the
 * reference of PutMetricAlarm says that alarms of this namespace keep their state then whatever they ask for, the user guide
 * that this is only what they do by default. If it is the former, an alarm goes off as it should, and stays.
 */
export function tableAlarms({ tableName }: AggregatesTable): readonly AlarmRule[] {
  const any = { is: 'above', threshold: 0, withoutData: 'is fine' } as const;
  const perMinute = { statistic: 'Sum', periodSeconds: 60 } as const;
  const ofTable = (name: string) => metric('AWS/DynamoDB', { TableName: tableName }, { name, ...perMinute });
  // There is no such metric of the whole table. Every append is a put, every compaction and every report a query.
  const systemErrors = (operation: 'PutItem' | 'Query') =>
    metric(
      'AWS/DynamoDB',
      { TableName: tableName, Operation: operation },
      { name: 'SystemErrors', ...perMinute },
    );
  return [
    {
      id: 'TableWritesThrottled',
      meaning: 'DynamoDB throttles writes of the aggregates table.',
      metric: ofTable('WriteThrottleEvents'),
      breaching: mostOfFiveMinutes,
      ...any,
    },
    {
      id: 'TableReadsThrottled',
      meaning: 'DynamoDB throttles reads of the aggregates table.',
      metric: ofTable('ReadThrottleEvents'),
      breaching: mostOfFiveMinutes,
      ...any,
    },
    {
      id: 'TableWritesFail',
      meaning: 'DynamoDB fails at puts into the aggregates table, for a quarter of an hour.',
      metric: systemErrors('PutItem'),
      breaching: [12, 15],
      ...any,
    },
    {
      id: 'TableReadsFail',
      meaning: 'DynamoDB fails at queries of the aggregates table, for a quarter of an hour.',
      metric: systemErrors('Query'),
      breaching: [12, 15],
      ...any,
    },
  ];
}
