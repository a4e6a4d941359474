import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { metricsNamespace } from '../../domain/function/function-log';
import type { Settings } from '../settings';

export interface MetricRequest {
  readonly name: string;
  /** As CloudWatch spells it: `Sum`, `p99`. */
  readonly statistic: string;
  readonly periodSeconds: 60 | 300;
}

/**
 * A metric by its full name. Not by the methods of CDK's resources, which take the average of five minutes even of
 * counts, and of a table's errors leave a dimension out without which there is no such metric.
 */
export function metric(
  namespace: `AWS/${'Kinesis' | 'Lambda' | 'DynamoDB' | 'Firehose' | 'ApiGateway' | 'SQS'}`,
  dimensions: Readonly<Record<string, string>>,
  request: MetricRequest,
): Metric {
  return metricIn(namespace, dimensions, request);
}

/** A metric that a function of the pipeline prints (`FunctionLog`). */
export function ownMetric(
  { name, stage }: Pick<Settings, 'name' | 'stage'>,
  service: string,
  request: MetricRequest,
): Metric {
  return metricIn(metricsNamespace, { project: name, stage, service }, request);
}

function metricIn(
  namespace: string,
  dimensionsMap: Readonly<Record<string, string>>,
  { name, statistic, periodSeconds }: MetricRequest,
): Metric {
  const period = Duration.seconds(periodSeconds);
  return new Metric({ namespace, metricName: name, statistic, period, dimensionsMap });
}

/** How many per cent `part` is of `all`; 0 where there is nothing. */
export function percentOf(all: Metric, part: Metric): MathExpression {
  return math('IF(all>0,100*part/all,0)', { all, part });
}

/** How many per cent `part` is of itself and `rest` together; 0 where there is nothing. */
export function percentBeside(rest: Metric, part: Metric): MathExpression {
  return math('IF(rest+part>0,100*part/(rest+part),0)', { rest, part });
}

/** The periods of the metrics must be the same: CDK would take the expression's for all of them. */
function math(expression: string, usingMetrics: Record<string, Metric>): MathExpression {
  const [period, ...others] = new Set(Object.values(usingMetrics).map((used) => used.period.toSeconds()));
  if (period === undefined || others.length > 0) throw new Error(`${expression}: periods differ`);
  return new MathExpression({ expression, usingMetrics, period: Duration.seconds(period) });
}
