import { Template } from 'aws-cdk-lib/assertions';
import { AnomaliesEnvironment, AnomaliesMetric } from '../../lambda/anomalies/contract';
import { attribute, buildApp, only, resourcesOf, type Template as TemplateJson } from './deployment';
import { explainedAlarms, otherStacks } from './opt-in-stack';
import { redacted } from './redacted';

const context = { anomalies: true, compactionSeconds: 75, hourRetentionDays: 41, uniqueVisitors: 'total' };
const { pipeline } = buildApp(context);
const templateOf = (stack: NonNullable<typeof pipeline.anomalies>) =>
  Template.fromStack(stack).toJSON() as TemplateJson;
const template = templateOf(pipeline.anomalies!);
const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
const idOf = (alarm: { readonly AlarmName: string }): string => alarm.AlarmName.split('-').at(-1)!;

describe('the stack of anomalies', () => {
  it('is as reviewed', () => {
    expect(redacted(template)).toMatchSnapshot();
  });

  it('is there only if it is asked for, and changes no more of the others than the dashboard of alarms', () => {
    expect(buildApp().pipeline.anomalies).toBeUndefined();
    const { anomalies: _added, ...others } = context;
    expect(otherStacks(context)).toEqual(otherStacks(others));
  });

  it('gives the function its settings, and a turn every fifteen minutes', () => {
    const [, { Properties }] = only(template, 'AWS::Lambda::Function');
    expect(Properties.Environment.Variables).toMatchObject({
      [AnomaliesEnvironment.compactionSeconds]: '75',
      [AnomaliesEnvironment.hourRetentionDays]: '41',
      [AnomaliesEnvironment.uniqueVisitors]: 'total',
    });
    const [, rule] = only(template, 'AWS::Events::Rule');
    expect(rule.Properties).toMatchObject({ ScheduleExpression: 'rate(15 minutes)', State: 'ENABLED' });
  });

  it('may query the table, and log: nothing else', () => {
    const [, { Properties }] = only(template, 'AWS::IAM::Policy');
    const [logsId] = only(template, 'AWS::Logs::LogGroup');
    const statements = Properties.PolicyDocument.Statement.map(
      ({ Action, Resource }: { Action: unknown; Resource: unknown }) => [Action, Resource],
    );
    expect(statements).toEqual([
      [['logs:CreateLogStream', 'logs:PutLogEvents'], attribute(logsId)],
      ['dynamodb:Query', { 'Fn::ImportValue': expect.stringMatching(/-aggregation:.*Aggregates.*Arn/) }],
    ]);
  });

  it('has an alarm for each kind of finding, which keeps its state between two verdicts', () => {
    const found = alarms.filter(({ TreatMissingData }) => TreatMissingData === 'ignore');
    expect(found.map((alarm) => [idOf(alarm), alarm.MetricName, alarm.Threshold])).toEqual([
      ['TotalUnusual', AnomaliesMetric.ofTotal, 1],
      ['TypeUnusual', AnomaliesMetric.ofTypes, 1],
      ['PageUnusual', AnomaliesMetric.ofPages, 1],
      ['VisitorsUnusual', AnomaliesMetric.ofVisitors, 1],
    ]);
    const withoutVisitors = templateOf(buildApp({ ...context, uniqueVisitors: 'off' }).pipeline.anomalies!);
    expect(resourcesOf(withoutVisitors, 'AWS::CloudWatch::Alarm')).toHaveLength(alarms.length - 1);
  });

  it('has alarms with full dimensions, each with its section and its row in the runbook', () => {
    const [functionId] = only(template, 'AWS::Lambda::Function');
    for (const { Namespace, Dimensions } of explainedAlarms(template).flatMap(({ metrics }) => metrics)) {
      expect(Dimensions).toEqual(
        Namespace === 'AWS/Lambda'
          ? [{ Name: 'FunctionName', Value: { Ref: functionId } }]
          : [
              { Name: 'project', Value: 'clickstream' },
              { Name: 'service', Value: 'anomalies' },
              { Name: 'stage', Value: 'dev' },
            ],
      );
    }
  });

  it('is refused without alarms, which would tell of it, and without a month of hours', () => {
    expect(() => buildApp({ ...context, alarms: false })).toThrow(
      'anomalies: true is not allowed; allowed is false without alarms',
    );
    expect(() => buildApp({ anomalies: true, hourRetentionDays: 29 })).toThrow(
      'anomalies: true is not allowed; allowed is false with hourRetentionDays 29, and true from 30 on',
    );
  });
});
