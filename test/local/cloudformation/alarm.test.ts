import type { Alarm } from '../../../alarms/evaluation/alarm';
import type { Samples } from '../../../alarms/evaluation/metric';
import { readDeployment } from '../../../local/cloudformation/read-deployment';
import { pipeline, removeAssemblies, writeAssembly } from './assembly';

afterAll(removeAssemblies);

const reference = (logicalId: string) => ({ Ref: logicalId });
const plain = {
  AlarmName: 'clicks-given-up',
  AlarmDescription: 'Batches were given up. Runbook: docs/operations.md#given-up',
  Namespace: 'AWS/Lambda',
  MetricName: 'OnFailureDestinationDeliveredEventCount',
  Dimensions: [{ Name: 'EventSourceMappingUUID', Value: reference('Mapping') }],
  Statistic: 'Sum',
  Period: 120,
  EvaluationPeriods: 5,
  DatapointsToAlarm: 3,
  Threshold: 7,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
  AlarmActions: [reference('Topic')],
  OKActions: [reference('Topic')],
};

const metricQuery = (Id: string, MetricName: string, Period = 60) => ({
  Id,
  MetricStat: {
    Metric: {
      Namespace: 'AWS/Lambda',
      MetricName,
      Dimensions: [{ Name: 'FunctionName', Value: reference('Aggregator') }],
    },
    Period,
    Stat: 'Sum',
  },
  ReturnData: false,
});

const { Namespace: _n, MetricName: _m, Dimensions: _d, Statistic: _s, Period: _p, ...withoutMetric } = plain;
const share = {
  ...withoutMetric,
  Metrics: [
    { Id: 'share', Expression: 'IF(invocations>0,100*errors/invocations,0)', Label: 'of 100' },
    metricQuery('errors', 'Errors'),
    metricQuery('invocations', 'Invocations'),
  ],
};

function read(properties: object): { readonly alarm: Alarm; readonly mappingUuid: string } {
  const stacks = pipeline();
  stacks.Consumers.Resources.Topic = { Type: 'AWS::SNS::Topic' };
  stacks.Consumers.Resources.Given = { Type: 'AWS::CloudWatch::Alarm', Properties: { ...properties } };
  const { alarms, eventSourceMappings } = readDeployment(writeAssembly({ ...stacks }));
  expect(alarms).toHaveLength(1);
  return { alarm: alarms[0]!, mappingUuid: eventSourceMappings[0]!.uuid };
}

const seven: Samples = { count: 1, sum: 7, min: 7, max: 7, values: new Map([[7, 1]]) };

describe('reading an alarm', () => {
  it('reads one on a metric, of the very resource that the laptop runs', () => {
    const { alarm, mappingUuid } = read(plain);
    const { expression, metrics, ...rest } = alarm;
    expect(rest).toEqual({
      name: 'clicks-given-up',
      description: 'Batches were given up.',
      runbook: 'docs/operations.md#given-up',
      periodSeconds: 120,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      comparison: 'GreaterThanThreshold',
      threshold: 7,
      missingData: 'notBreaching',
    });
    const [[id, { metric, statistic }]] = [...metrics] as [[string, ReturnType<typeof metrics.get> & object]];
    expect(metric).toEqual({
      namespace: 'AWS/Lambda',
      name: 'OnFailureDestinationDeliveredEventCount',
      dimensions: { EventSourceMappingUUID: mappingUuid },
    });
    expect(statistic([seven, seven])).toBe(14);
    expect(expression((asked) => (asked === id ? 9 : undefined))).toBe(9);
  });

  it('reads one on an expression of metrics', () => {
    const { alarm } = read(share);
    expect([...alarm.metrics].map(([id, { metric }]) => [id, metric.name])).toEqual([
      ['errors', 'Errors'],
      ['invocations', 'Invocations'],
    ]);
    expect(alarm.periodSeconds).toBe(60);
    expect(alarm.expression((id) => (id === 'errors' ? 3 : 50))).toBe(6);
  });

  it("fills in CloudWatch's own defaults, which keep the state of an alarm on DynamoDB", () => {
    const { DatapointsToAlarm: _, TreatMissingData: __, ...few } = plain;
    expect(read(few).alarm).toMatchObject({ datapointsToAlarm: 5, missingData: 'missing' });
    expect(read({ ...few, Namespace: 'AWS/DynamoDB' }).alarm.missingData).toBe('ignore');
  });

  it('reads percentiles', () => {
    const { Statistic: _, ...rest } = plain;
    const { alarm } = read({ ...rest, ExtendedStatistic: 'p99' });
    expect([...alarm.metrics.values()][0]!.statistic([seven])).toBe(7);
  });

  it.each([
    ['Period', { ...plain, Period: 30 }, 'a whole number from 60 to 604800'],
    ['Period', { ...plain, Period: 90 }, 'a multiple of 60'],
    ['Statistic', { ...plain, Statistic: 'IQM' }, 'or a percentile such as p99'],
    ['TreatMissingData', { ...plain, TreatMissingData: 'good' }, 'missing or ignore or breaching'],
    [
      'ComparisonOperator',
      { ...plain, ComparisonOperator: 'LessThanLowerThreshold' },
      'GreaterThanThreshold',
    ],
    ['DatapointsToAlarm', { ...plain, DatapointsToAlarm: 6 }, 'from 1 to 5'],
    ['ActionsEnabled', { ...plain, ActionsEnabled: false }, 'an alarm that tells nobody is none'],
    ['Unit', { ...plain, Unit: 'Count' }, 'leave it out'],
    ['EvaluationWindow', { ...plain, EvaluationWindow: { WallClockWindow: {} } }, 'the window slides'],
    ['AlarmDescription', { ...plain, AlarmDescription: 'Something is wrong.' }, 'docs/operations.md'],
    ['Colour', { ...plain, Colour: 'red' }, 'nothing is known about this property'],
    [
      'Expression',
      { ...share, Metrics: [{ Id: 'e', Expression: 'RATE(errors)' }, metricQuery('errors', 'Errors')] },
      'calls RATE with 1 arguments',
    ],
    ['Metrics', { ...share, Metrics: share.Metrics.slice(1) }, 'one query with ReturnData'],
    [
      'Metrics',
      { ...share, Metrics: [...share.Metrics, metricQuery('slow', 'Duration', 300)] },
      'metrics of one Period',
    ],
  ])('refuses %s that is not understood, by name', (property, properties, supported) => {
    expect(() => read(properties)).toThrow(`Given (AWS::CloudWatch::Alarm)`);
    expect(() => read(properties)).toThrow(property);
    expect(() => read(properties)).toThrow(supported);
  });
});
