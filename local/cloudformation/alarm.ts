import { readDescription } from '../../alarms/alarm-description';
import {
  type Alarm,
  comparisons,
  type MetricStatistic,
  missingDataTreatments,
} from '../../alarms/evaluation/alarm';
import { parseExpression, UnknownExpression } from '../../alarms/evaluation/expression';
import type { Metric } from '../../alarms/evaluation/metric';
import { statisticNamed, statisticNames } from '../../alarms/evaluation/statistic';
import type { ResolvedResource } from './resource';
import {
  booleanOf,
  checkProperties,
  harmless,
  numberOf,
  objectOf,
  objectsOf,
  oneOf,
  only,
  type Place,
  type Rules,
  refuse,
  refused,
  textOf,
} from './settings';
import type { JsonObject } from './template';

const nobodyIsTold = harmless('nobody is told of alarms on this machine');

const rules: Rules = {
  AlarmName: 'handled',
  AlarmDescription: 'handled',
  ComparisonOperator: 'handled',
  DatapointsToAlarm: 'handled',
  Dimensions: 'handled',
  EvaluationPeriods: 'handled',
  MetricName: 'handled',
  Metrics: 'handled',
  Namespace: 'handled',
  Period: 'handled',
  Statistic: 'handled',
  ExtendedStatistic: 'handled',
  Threshold: 'handled',
  TreatMissingData: 'handled',
  ActionsEnabled: only([true], 'an alarm that tells nobody is none'),
  AlarmActions: nobodyIsTold,
  OKActions: nobodyIsTold,
  InsufficientDataActions: nobodyIsTold,
  EvaluateLowSampleCountPercentile: only(['evaluate'], 'percentiles of few samples are evaluated'),
  EvaluationWindow: refused('the window slides'),
  ThresholdMetricId: refused('no anomalies are detected here'),
  Unit: refused('a metric has one unit, and another would be another series'),
  Tags: harmless('a label'),
};

/** CloudWatch takes 10, 20 and 30 seconds, too, of metrics that the pipeline does not have. */
const periodBounds = { min: 60, max: 604_800 };

/** Reads an alarm on a metric, or on an expression of metrics. Bounds and defaults are those of PutMetricAlarm. */
export function readAlarm({ name, place, properties }: ResolvedResource): Alarm {
  checkProperties(place, properties, rules);
  const evaluationPeriods = numberOf(place, properties, 'EvaluationPeriods', { min: 1, max: 10_080 });
  const measured =
    properties.Metrics === undefined ? readMetric(place, properties) : readExpression(place, properties);
  const text = textOf(place, properties, 'AlarmDescription');
  const { meaning, runbook } =
    readDescription(text) ??
    refuse(place, 'AlarmDescription', text, 'a sentence and its section of docs/operations.md');
  return {
    name,
    description: meaning,
    runbook,
    ...measured,
    evaluationPeriods,
    datapointsToAlarm: numberOf(place, properties, 'DatapointsToAlarm', {
      min: 1,
      max: evaluationPeriods,
      byDefault: evaluationPeriods,
    }),
    comparison: oneOf(place, properties, 'ComparisonOperator', namesOf(comparisons)),
    threshold: numberOf(place, properties, 'Threshold', {
      min: -Number.MAX_VALUE,
      max: Number.MAX_VALUE,
      fractions: true,
    }),
    missingData: oneOf(
      place,
      properties,
      'TreatMissingData',
      missingDataTreatments,
      // Alarms on DynamoDB keep their state unless they say otherwise (AWS docs: Configuring how CloudWatch alarms treat
      // missing data; the API's reference still has it that they always do).
      isOfDynamoDb(measured.metrics) ? 'ignore' : 'missing',
    ),
  };
}

type Measured = Pick<Alarm, 'expression' | 'metrics' | 'periodSeconds'>;

function readMetric(place: Place, properties: JsonObject): Measured {
  const measured = {
    metric: metricOf(place, properties),
    statistic: statisticOf(
      place,
      properties,
      properties.ExtendedStatistic === undefined ? 'Statistic' : 'ExtendedStatistic',
    ),
  };
  return {
    expression: (values) => values('m'),
    metrics: new Map([['m', measured]]),
    periodSeconds: periodOf(place, properties),
  };
}

/** Of the queries, one gives the value; the others are metrics that its expression names. */
function readExpression(place: Place, properties: JsonObject): Measured {
  const metrics = new Map<string, MetricStatistic>();
  const periods = new Set<number>();
  const returned: [Place, JsonObject][] = [];
  for (const [queryPlace, query] of objectsOf(place, properties, 'Metrics')) {
    checkProperties(queryPlace, query, {
      Id: 'handled',
      Expression: 'handled',
      MetricStat: 'handled',
      ReturnData: 'handled',
      Label: harmless('a label'),
      Period: refused('the metrics have it'),
      AccountId: refused('the laptop is one account'),
    });
    const id = textOf(queryPlace, query, 'Id');
    // Left out, it is true.
    if (booleanOf(queryPlace, query, 'ReturnData', true)) returned.push([queryPlace, query]);
    if (query.MetricStat === undefined) continue;
    const [statPlace, stat] = objectOf(queryPlace, query, 'MetricStat');
    checkProperties(statPlace, stat, { Metric: 'handled', Period: 'handled', Stat: 'handled' });
    const [metricPlace, metric] = objectOf(statPlace, stat, 'Metric');
    checkProperties(metricPlace, metric, {
      Namespace: 'handled',
      MetricName: 'handled',
      Dimensions: 'handled',
    });
    metrics.set(id, {
      metric: metricOf(metricPlace, metric),
      statistic: statisticOf(statPlace, stat, 'Stat'),
    });
    periods.add(periodOf(statPlace, stat));
  }
  const [first, ...others] = returned;
  if (!first || others.length > 0)
    return refuse(place, 'Metrics', properties.Metrics, 'one query with ReturnData');
  const [periodSeconds, ...otherPeriods] = periods;
  if (periodSeconds === undefined || otherPeriods.length > 0)
    return refuse(place, 'Metrics', properties.Metrics, 'metrics of one Period');
  return { expression: expressionOf(...first, new Set(metrics.keys())), metrics, periodSeconds };
}

function expressionOf(place: Place, query: JsonObject, ids: ReadonlySet<string>): Alarm['expression'] {
  const text =
    query.MetricStat === undefined ? textOf(place, query, 'Expression') : textOf(place, query, 'Id');
  try {
    return parseExpression(text, ids);
  } catch (error) {
    if (!(error instanceof UnknownExpression)) throw error;
    return refuse(place, 'Expression', text, `metric math of its metrics (${error.message})`);
  }
}

function metricOf(place: Place, properties: JsonObject): Metric {
  return {
    namespace: textOf(place, properties, 'Namespace'),
    name: textOf(place, properties, 'MetricName'),
    dimensions: Object.fromEntries(
      objectsOf(place, properties, 'Dimensions').map(([dimensionPlace, dimension]) => {
        checkProperties(dimensionPlace, dimension, { Name: 'handled', Value: 'handled' });
        return [textOf(dimensionPlace, dimension, 'Name'), textOf(dimensionPlace, dimension, 'Value')];
      }),
    ),
  };
}

function statisticOf(place: Place, properties: JsonObject, property: string): MetricStatistic['statistic'] {
  const name = textOf(place, properties, property);
  return statisticNamed(name) ?? refuse(place, property, name, statisticNames);
}

function periodOf(place: Place, properties: JsonObject): number {
  const seconds = numberOf(place, properties, 'Period', periodBounds);
  return seconds % 60 === 0 ? seconds : refuse(place, 'Period', seconds, 'a multiple of 60');
}

function isOfDynamoDb(metrics: Measured['metrics']): boolean {
  return [...metrics.values()].some(({ metric }) => metric.namespace === 'AWS/DynamoDB');
}

function namesOf<const Name extends string>(object: Readonly<Record<Name, unknown>>): readonly Name[] {
  return Object.keys(object) as Name[];
}
