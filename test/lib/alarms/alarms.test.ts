import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { metricsIn, printedLines } from '../../lambda/printed-lines';
import { only, resourcesOf, type Template, templatesOf } from '../deployment';
import { publishedMetrics } from './published-metrics';
import { alarmsOf, type TemplateAlarm, type WatchedMetric } from './template-alarms';

/** What a dimension's value must be: the reference of a resource of that type. */
const namedBy: Readonly<Record<string, string>> = {
  StreamName: 'AWS::Kinesis::Stream',
  FunctionName: 'AWS::Lambda::Function',
  EventSourceMappingUUID: 'AWS::Lambda::EventSourceMapping',
  TableName: 'AWS::DynamoDB::Table',
  DeliveryStreamName: 'AWS::KinesisFirehose::DeliveryStream',
};

/** Least and largest threshold by unit: ages from ten seconds, counts of what must not be, shares that should be 1. */
const likely: Readonly<Record<string, readonly [number, number]>> = {
  Milliseconds: [10_000, 24 * 3_600_000],
  Seconds: [10, 9_999],
  Count: [0, 1],
  undefined: [1, 1],
};

const runbook = readFileSync(join(__dirname, '../../../docs/operations.md'), 'utf8');
const [failureModes] = runbook.split('\n## What could not be processed');
const sections = [...runbook.matchAll(/^#+ (\w+)$/gm)].map(([, heading]) => heading!);

/** Of an alarm's id and what is wrong with it, a line each. */
const complaints = (alarms: readonly TemplateAlarm[], of: (alarm: TemplateAlarm) => readonly string[]) =>
  alarms.flatMap((alarm) => of(alarm).map((complaint) => `${alarm.id}: ${complaint}`));

describe.each([
  { stage: 'dev' },
  { stage: 'prod', heartbeatMinutes: 17 },
  { stage: 'prod', encryption: 'customer-managed', streamMode: 'provisioned' },
])('Every alarm of %j', (context) => {
  const templates = templatesOf(context);
  const alarms = alarmsOf(templates);
  const ofAws = (metrics: readonly WatchedMetric[]) =>
    metrics.filter(({ namespace }) => namespace.startsWith('AWS/'));
  const own = (metrics: readonly WatchedMetric[]) =>
    metrics.filter(({ namespace }) => !namespace.startsWith('AWS/'));

  it('watches a metric that AWS publishes, with all its dimensions and a statistic that it has', () => {
    expect(alarms.length).toBeGreaterThan(20);
    const unknown = complaints(alarms, ({ metrics }) =>
      ofAws(metrics)
        .filter(
          ({ namespace, name, statistic, dimensions }) =>
            !publishedMetrics.some(
              (published) =>
                published.namespace === namespace &&
                published.name === name &&
                published.statistics.includes(statistic) &&
                published.dimensions.join() === Object.keys(dimensions).sort().join(),
            ),
        )
        .map(({ name, statistic, dimensions }) => `${name} ${statistic} by ${Object.keys(dimensions)}`),
    );
    expect(unknown).toEqual([]);
  });

  it('has a threshold in the unit of its metric', () => {
    const unlikely = complaints(alarms, ({ metrics: [first, ...others], properties: { Threshold } }) => {
      const published = publishedMetrics.find(({ name }) => name === first!.name);
      // An expression is a share, and own metrics say their unit by their names.
      if (!published || others.length > 0) return [];
      const [low, high] = likely[String(published.unit)]!;
      return Threshold >= low && Threshold <= high ? [] : [`${Threshold} ${published.unit}`];
    });
    expect(unlikely).toEqual([]);
  });

  it('watches a resource of its own stack', () => {
    const elsewhere = complaints(alarms, ({ metrics, template }) =>
      ofAws(metrics).flatMap(({ dimensions }) =>
        Object.entries(dimensions)
          .filter(([name, value]) => !isResource(template, name, value))
          .map(([name, value]) => `${name} is ${JSON.stringify(value)}`),
      ),
    );
    expect(elsewhere).toEqual([]);
  });

  it('or a metric that a function of its stack prints, under its deployment', async () => {
    const lines = await printedLines();
    const unprinted = complaints(alarms, ({ metrics, template }) =>
      own(metrics)
        .filter(({ namespace, name, dimensions: { project, stage, service } }) => {
          const line = lines[service as string];
          const isPrinted =
            line && metricsIn(line).includes(`${namespace} ${name} by project, stage, service`);
          return !(
            isPrinted &&
            functionsNamed(template, service as string).some(
              ({ PROJECT, STAGE }) => PROJECT === project && STAGE === stage,
            )
          );
        })
        .map(({ namespace, name, dimensions }) => `${namespace} ${name} by ${JSON.stringify(dimensions)}`),
    );
    expect(unprinted).toEqual([]);
    expect(alarms.flatMap(({ metrics }) => own(metrics)).length).toBeGreaterThan(5);
  });

  it('of a mapping watches one that sends the metric', () => {
    const [, { Properties }] = only(templates.aggregation, 'AWS::Lambda::EventSourceMapping');
    expect(Properties.MetricsConfig).toEqual({ Metrics: ['EventCount'] });
  });

  it('tells the topic when it goes off, and when all is well again', () => {
    const [topic] = only(templates.stream, 'AWS::SNS::Topic');
    const imported = { 'Fn::ImportValue': expect.stringMatching(new RegExp(`-stream:.*Ref${topic}`)) };
    for (const { template, properties } of alarms) {
      const told = template === templates.stream ? { Ref: topic } : imported;
      expect(properties).toMatchObject({ AlarmActions: [told], OKActions: [told] });
      expect(properties).not.toHaveProperty('ActionsEnabled');
      expect(properties).not.toHaveProperty('InsufficientDataActions');
    }
  });

  it('says what it means in a sentence, and has a section of its own in the runbook', () => {
    const wrong = complaints(alarms, ({ id, properties }) => {
      const [, meaning, anchor] =
        /^([A-Z].*\.) Runbook: docs\/operations\.md#(\w+)$/.exec(properties.AlarmDescription) ?? [];
      if (meaning === undefined) return [`is described by ${properties.AlarmDescription}`];
      return anchor === id.toLowerCase() && sections.includes(id) ? [] : [`has no section ${id}`];
    });
    expect(wrong).toEqual([]);
    expect(new Set(alarms.map(({ id }) => id)).size).toBe(alarms.length);
  });

  it('is in a row of the failures of the runbook', () => {
    expect(alarms.map(({ id }) => id).filter((id) => !failureModes!.includes(`[${id}](#`))).toEqual([]);
  });

  it('says what a period without data counts as, and looks back no longer than a day', () => {
    const wrong = complaints(alarms, ({ metrics, properties }) => {
      const { TreatMissingData, EvaluationPeriods, DatapointsToAlarm } = properties;
      const periods = new Set(metrics.map(({ periodSeconds }) => periodSeconds));
      const [period = 0] = periods;
      return [
        ...(['notBreaching', 'breaching', 'ignore'].includes(TreatMissingData) ? [] : ['missing data']),
        // An expression over periods that differ is evaluated at the longest.
        ...(periods.size === 1 && [60, 300].includes(period) ? [] : ['period']),
        // CloudWatch docs: PutMetricAlarm.
        ...(EvaluationPeriods * period <= 86_400 ? [] : ['longer than a day']),
        ...(DatapointsToAlarm >= 1 && DatapointsToAlarm <= EvaluationPeriods ? [] : ['datapoints']),
      ];
    });
    expect(wrong).toEqual([]);
  });

  it('with an expression returns that alone, and defines what it names', () => {
    for (const { properties, expression } of alarms.filter(({ expression }) => expression !== undefined)) {
      const entries: { Id: string; Expression?: string; ReturnData?: boolean }[] = properties.Metrics;
      expect(entries.filter(({ ReturnData }) => ReturnData !== false)).toEqual([
        expect.objectContaining({ Expression: expression }),
      ]);
      const named = new Set(expression!.match(/\b[a-z]\w*/g));
      const defined = entries.filter(({ Expression }) => Expression === undefined).map(({ Id }) => Id);
      expect([...named].sort()).toEqual(defined.sort());
    }
  });
});

/** Whether a dimension of an AWS metric names a resource of the template. */
function isResource(template: Template, dimension: string, value: unknown): boolean {
  // An operation of the table is no resource.
  if (dimension === 'Operation') return value === 'PutItem' || value === 'Query';
  const { Ref } = value as { Ref?: string };
  return Ref !== undefined && template.Resources[Ref]?.Type === namedBy[dimension];
}

/** The environments of the functions whose logical id begins with a service's name. */
function functionsNamed(template: Template, service: string): readonly Readonly<Record<string, unknown>>[] {
  return resourcesOf(template, 'AWS::Lambda::Function')
    .filter(([id]) => id.toLowerCase().startsWith(service))
    .map(([, { Properties }]) => Properties.Environment.Variables);
}
