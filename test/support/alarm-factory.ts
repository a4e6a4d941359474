import type { AlarmStatus } from '../../alarms/alarm-status';
import type { Alarm } from '../../alarms/evaluation/alarm';
import { statisticNamed } from '../../alarms/evaluation/statistic';

export function alarmStatus(overrides: Partial<AlarmStatus> = {}): AlarmStatus {
  return {
    name: 'clickstream-dev-aggregation-Errors',
    state: 'ALARM',
    since: '2026-03-01T10:02:03.000Z',
    description: 'The aggregator fails.',
    value: 12,
    threshold: 5,
    runbook: 'docs/operations.md#the-aggregator-fails',
    ...overrides,
  };
}

/** An alarm on the sum of one metric: above 4 in two of three minutes. */
export function alarm(overrides: Partial<Alarm> = {}): Alarm {
  const metric = { namespace: 'AWS/Lambda', name: 'Errors', dimensions: { FunctionName: 'aggregator-6' } };
  return {
    name: 'errors-of-6',
    description: 'The aggregator fails.',
    runbook: 'docs/operations.md#the-aggregator-fails',
    expression: (values) => values('errors'),
    metrics: new Map([['errors', { metric, statistic: statisticNamed('Sum')! }]]),
    periodSeconds: 60,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    comparison: 'GreaterThanThreshold',
    threshold: 4,
    missingData: 'notBreaching',
    ...overrides,
  };
}
