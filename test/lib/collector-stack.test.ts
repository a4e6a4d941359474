import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { CollectorEnvironment } from '../../lambda/collector/contract';
import { publishedMetrics } from './alarms/published-metrics';
import {
  attribute,
  buildApp,
  only,
  resourcesOf,
  type Template as TemplateJson,
  templatesOf,
} from './deployment';
import { redacted } from './redacted';

const context = {
  collector: true,
  collectorOrigins: 'https://shop.example,https://blog.example:8443',
  collectorVisitorIds: 'given',
  collectorPrivacyControl: 'ignored',
  collectorEventsPerMinute: 75,
  collectorMemoryMiB: 384,
  collectorReservedConcurrency: 9,
  logRetentionDays: 14,
};
const { app, pipeline } = buildApp(context);
const templateOf = (stack: NonNullable<typeof pipeline.collector>) =>
  Template.fromStack(stack).toJSON() as TemplateJson;
const template = templateOf(pipeline.collector!);

describe('the stack of the collector', () => {
  it('is as reviewed', () => {
    expect(redacted(template)).toMatchSnapshot();
  });

  it('is there only if it is asked for, and changes no more of the others than the dashboard of alarms', () => {
    expect(app.node.children.map(({ node }) => node.id)).toContain('clickstream-dev-collector');
    expect(buildApp().pipeline.collector).toBeUndefined();
    const withoutDashboard = (templates: ReturnType<typeof templatesOf>) =>
      JSON.parse(JSON.stringify(templates), (_, value) =>
        value?.Type === 'AWS::CloudWatch::Dashboard' ? undefined : value,
      );
    expect(withoutDashboard(templatesOf(context))).toEqual(
      withoutDashboard(templatesOf({ logRetentionDays: 14 })),
    );
  });

  it('gives the function its settings', () => {
    const [, { Properties }] = only(template, 'AWS::Lambda::Function');
    expect(Properties).toMatchObject({ MemorySize: 384, ReservedConcurrentExecutions: 9 });
    expect(Properties.Environment.Variables).toMatchObject({
      [CollectorEnvironment.origins]: 'https://shop.example,https://blog.example:8443',
      [CollectorEnvironment.visitorIds]: 'given',
      [CollectorEnvironment.privacyControl]: 'ignored',
      [CollectorEnvironment.eventsPerMinute]: '75',
    });
    const byDefault = templateOf(buildApp({ collector: true }).pipeline.collector!);
    const [, { Properties: others }] = only(byDefault, 'AWS::Lambda::Function');
    expect(others).not.toHaveProperty('ReservedConcurrentExecutions');
    expect(others.Environment.Variables[CollectorEnvironment.origins]).toBe('none');
  });

  it('lets anybody call the address, and nobody the function otherwise', () => {
    const [, { Properties }] = only(template, 'AWS::Lambda::Url');
    expect(Properties.AuthType).toBe('NONE');
    expect(Properties).not.toHaveProperty('Cors');
    const permissions = resourcesOf(template, 'AWS::Lambda::Permission').map(
      ([, resource]) => resource.Properties,
    );
    expect(permissions).toEqual([
      expect.objectContaining({
        Action: 'lambda:InvokeFunctionUrl',
        FunctionUrlAuthType: 'NONE',
        Principal: '*',
      }),
      expect.objectContaining({
        Action: 'lambda:InvokeFunction',
        InvokedViaFunctionUrl: true,
        Principal: '*',
      }),
    ]);
  });

  it('may put into the stream, keep salts, and log: nothing else', () => {
    const [, { Properties }] = only(template, 'AWS::IAM::Policy');
    const [tableId] = only(template, 'AWS::DynamoDB::Table');
    const [logsId] = only(template, 'AWS::Logs::LogGroup');
    const statements = Properties.PolicyDocument.Statement.map(
      ({ Action, Resource }: { Action: unknown; Resource: unknown }) => [Action, Resource],
    );
    expect(statements).toEqual([
      [['logs:CreateLogStream', 'logs:PutLogEvents'], attribute(logsId)],
      ['kinesis:PutRecords', { 'Fn::ImportValue': expect.stringMatching(/-stream:.*ClickStream.*Arn/) }],
      [['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'], attribute(tableId)],
    ]);
    const encrypted = templateOf(buildApp({ ...context, encryption: 'key-granted' }).pipeline.collector!);
    expect(JSON.stringify(only(encrypted, 'AWS::IAM::Policy'))).toContain('kms:GenerateDataKey');
  });

  it('keeps salts nowhere but in the table, and there for two days', () => {
    const [, { Properties, DeletionPolicy }] = only(template, 'AWS::DynamoDB::Table');
    expect(Properties).not.toHaveProperty('PointInTimeRecoverySpecification');
    expect(Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'expiresAt', Enabled: true });
    const prod = templateOf(buildApp({ ...context, stage: 'prod' }).pipeline.collector!);
    expect([DeletionPolicy, only(prod, 'AWS::DynamoDB::Table')[1].DeletionPolicy]).toEqual([
      'Delete',
      'Delete',
    ]);
  });

  it('has alarms on metrics that AWS publishes, each with its section and its row in the runbook', () => {
    const runbook = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');
    const [functionId] = only(template, 'AWS::Lambda::Function');
    const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
    expect(alarms).toHaveLength(2);
    for (const alarm of alarms) {
      const id = alarm.AlarmName.split('-').at(-1);
      expect(alarm.AlarmDescription).toMatch(
        new RegExp(`\\. Runbook: docs/operations.md#${id.toLowerCase()}$`),
      );
      expect(runbook).toContain(`\n### ${id}\n`);
      expect(runbook).toContain(`[${id}](#${id.toLowerCase()})`);
      const metrics = alarm.Metrics?.flatMap(
        (one: { MetricStat?: { Metric: unknown } }) => one.MetricStat?.Metric ?? [],
      ) ?? [alarm];
      for (const { Namespace, MetricName, Dimensions } of metrics) {
        expect(Dimensions).toEqual([{ Name: 'FunctionName', Value: { Ref: functionId } }]);
        expect(publishedMetrics).toContainEqual(
          expect.objectContaining({ namespace: Namespace, name: MetricName, dimensions: ['FunctionName'] }),
        );
      }
    }
  });

  it.each([
    'shop.example',
    'https://shop.example/',
    'https://shop.example,',
    'https://Shop.example',
    'https://a.example https://b.example',
    '*',
  ])('is refused for "%s", which no browser calls an origin', (collectorOrigins) => {
    expect(() => buildApp({ ...context, collectorOrigins })).toThrow('collectorOrigins');
  });

  it('is refused if no request of 50 events could ever be taken', () => {
    expect(() => buildApp({ ...context, collectorEventsPerMinute: 49 })).toThrow(
      'collectorEventsPerMinute: 49 is not allowed; allowed is 0 or at least 50, the events of a request',
    );
  });
});
