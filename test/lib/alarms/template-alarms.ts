import { applications, type Resource, resourcesOf, type Template, type Templates } from '../deployment';

/** A metric of an alarm. */
export interface WatchedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly statistic: string;
  readonly periodSeconds: number;
  /** Values as the template has them: texts, or references. */
  readonly dimensions: Readonly<Record<string, unknown>>;
}

/** An alarm of a template. */
export interface TemplateAlarm {
  /** Without the stack's name. */
  readonly id: string;
  readonly template: Template;
  readonly properties: Resource['Properties'];
  readonly metrics: readonly WatchedMetric[];
  /** Undefined for an alarm on one metric. */
  readonly expression: string | undefined;
}

export function alarmsOf(templates: Templates): readonly TemplateAlarm[] {
  return applications.flatMap((application) =>
    resourcesOf(templates[application], 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => ({
      id: Properties.AlarmName.split('-').at(-1),
      template: templates[application],
      properties: Properties,
      metrics: metricsOf(Properties),
      expression: Properties.Metrics?.find((one: { Expression?: string }) => one.Expression)?.Expression,
    })),
  );
}

function metricsOf(properties: Resource['Properties']): WatchedMetric[] {
  if (!properties.Metrics) {
    const { Namespace, MetricName, Statistic, ExtendedStatistic, Period, Dimensions } = properties;
    return [watched({ Namespace, MetricName, Dimensions }, Statistic ?? ExtendedStatistic, Period)];
  }
  return properties.Metrics.filter((one: object) => 'MetricStat' in one).map(
    ({ MetricStat: { Metric, Stat, Period } }: Resource['Properties']) => watched(Metric, Stat, Period),
  );
}

function watched(
  { Namespace, MetricName, Dimensions = [] }: Resource['Properties'],
  statistic: string,
  periodSeconds: number,
): WatchedMetric {
  const dimensions = Object.fromEntries(
    Dimensions.map(({ Name, Value }: { Name: string; Value: unknown }) => [Name, Value]),
  );
  return { namespace: Namespace, name: MetricName, statistic, periodSeconds, dimensions };
}
