import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedMetrics } from './alarms/published-metrics';
import { type Resource, resourcesOf, type Template, templatesOf } from './deployment';

/** An alarm of a template, with the metrics that it looks at. */
export interface WatchedAlarm {
  readonly id: string;
  readonly properties: Resource['Properties'];
  readonly metrics: readonly {
    readonly Namespace: string;
    readonly MetricName: string;
    readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
  }[];
}

/** The alarms of a stack; each has its section and its row in the runbook, and looks at what AWS publishes or at own metrics. */
export function explainedAlarms(template: Pick<Template, 'Resources'>): readonly WatchedAlarm[] {
  const runbook = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');
  return resourcesOf(template as Template, 'AWS::CloudWatch::Alarm').map(([, { Properties: properties }]) => {
    const id: string = properties.AlarmName.split('-').at(-1);
    expect(properties.AlarmDescription).toMatch(
      new RegExp(`\\. Runbook: docs/operations.md#${id.toLowerCase()}$`),
    );
    expect(runbook).toContain(`\n### ${id}\n`);
    expect(runbook).toContain(`[${id}](#${id.toLowerCase()})`);
    expect(properties.AlarmActions).toEqual([{ 'Fn::ImportValue': expect.stringContaining('AlarmTopic') }]);
    expect(properties.OKActions).toEqual(properties.AlarmActions);
    const metrics: WatchedAlarm['metrics'] = properties.Metrics?.flatMap(
      (one: { MetricStat?: { Metric: unknown } }) => one.MetricStat?.Metric ?? [],
    ) ?? [properties];
    for (const { Namespace, MetricName, Dimensions } of metrics) {
      if (!Namespace.startsWith('AWS/')) continue;
      const dimensions = Dimensions.map(({ Name }) => Name);
      expect(publishedMetrics).toContainEqual(
        expect.objectContaining({ namespace: Namespace, name: MetricName, dimensions }),
      );
    }
    return { id, properties, metrics };
  });
}

/** The dimensions of AWS's metrics that alarms look at. */
export function dimensionsOf(alarms: readonly WatchedAlarm[]): WatchedAlarm['metrics'][number]['Dimensions'] {
  return alarms
    .flatMap(({ metrics }) => metrics)
    .filter(({ Namespace }) => Namespace.startsWith('AWS/'))
    .flatMap(({ Dimensions }) => Dimensions);
}

/** The stacks that are always there, as they are deployed beside an opt-in one, but for the dashboard of alarms. */
export function otherStacks(context: Readonly<Record<string, unknown>>): unknown {
  return JSON.parse(JSON.stringify(templatesOf(context)), (_, value) =>
    value?.Type === 'AWS::CloudWatch::Dashboard' ? undefined : value,
  );
}
