import { Template } from 'aws-cdk-lib/assertions';
import { addSecurityChecks } from '../../lib/security-checks';
import { buildApp, type Resource, type Template as TemplateJson, templatesOf } from './deployment';
import { dimensionsOf, explainedAlarms, otherStacks } from './opt-in-stack';
import { redacted } from './redacted';

const context = {
  dashboard: 'hosted',
  logRetentionDays: 14,
  minuteRetentionDays: 6,
  uniqueVisitors: 'total',
};
const { app, pipeline } = buildApp(context);
const template = Template.fromStack(pipeline.dashboard!).toJSON() as TemplateJson;
const entriesOf = (type: string): [string, Resource][] =>
  Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
const ofType = (type: string): Resource[] => entriesOf(type).map(([, resource]) => resource);
const one = (type: string): Resource => {
  expect(ofType(type)).toHaveLength(1);
  return ofType(type)[0]!;
};

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Effect: string;
}

function statementsOf(rolePart: string): Statement[] {
  return entriesOf('AWS::IAM::Policy')
    .filter(([id]) => id.startsWith(rolePart))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Statement[]);
}

describe('the stack of the hosted dashboard', () => {
  it('is as reviewed', () => {
    expect(redacted(template)).toMatchSnapshot();
  });

  it('is there only if it is asked for, and changes no more of the others than the dashboard of alarms', () => {
    expect(app.node.children.map(({ node }) => node.id)).toContain('clickstream-dev-dashboard');
    expect(buildApp().pipeline.dashboard).toBeUndefined();
    expect(otherStacks(context)).toEqual(otherStacks({ ...context, dashboard: 'off' }));
  });

  const imported = (what: string) => ({
    'Fn::ImportValue': expect.stringMatching(new RegExp(`^clickstream-dev-aggregation:.*${what}`)),
  });
  const permissions = (rolePart: string) =>
    statementsOf(rolePart).map(({ Action, Resource }) => [Action, Resource]);
  const logs = [['logs:CreateLogStream', 'logs:PutLogEvents'], expect.anything()];
  const query = ['dynamodb:Query', imported('Aggregates.*Arn')];
  const variablesOf = (idPart: string) =>
    entriesOf('AWS::Lambda::Function').find(([id]) => id.startsWith(idPart))![1].Properties.Environment
      .Variables;

  it('lets the function that answers query the table, and log: nothing else', () => {
    expect(permissions('QueriesHandler')).toEqual([logs, query]);
    expect(variablesOf('QueriesHandler')).toMatchObject({
      PIPELINE: 'clickstream-dev',
      UNIQUE_VISITORS: 'total',
      RETENTION_DAYS: expect.stringMatching(/^6,30,90\b/),
    });
  });

  it('lets the function that tells of the health list alarms and given-up batches as well, and read metrics', () => {
    expect(permissions('QueriesHealth')).toEqual([
      logs,
      query,
      ['cloudwatch:DescribeAlarms', { 'Fn::Join': ['', expect.arrayContaining([':alarm:*'])] }],
      ['cloudwatch:GetMetricData', '*'],
      ['s3:ListBucket', imported('OnFailure.*Arn')],
    ]);
    expect(variablesOf('QueriesHealth')).toEqual({
      ...variablesOf('QueriesHandler'),
      ON_FAILURE_BUCKET: imported('RefOnFailure'),
    });
    const [health] = entriesOf('AWS::ApiGatewayV2::Integration').find(([id]) => id.includes('Health'))!;
    const routes = ofType('AWS::ApiGatewayV2::Route').filter(({ Properties }) =>
      JSON.stringify(Properties.Target).includes(health),
    );
    expect(routes.map(({ Properties }) => Properties.RouteKey)).toEqual([
      'GET /api/health',
      'HEAD /api/health',
    ]);
  });

  it('finds the lags of the pipeline by the metrics of two alarms', () => {
    const { aggregation, archive } = templatesOf(context);
    const metricOf = ({ Resources }: TemplateJson, id: string) =>
      Object.values(Resources)
        .filter(({ Properties }) => Properties?.AlarmName?.endsWith(`-${id}`))
        .map(({ Properties }) => [Properties.AlarmName, Properties.MetricName, Properties.Statistic]);
    expect([...metricOf(aggregation, 'AggregatorBehind'), ...metricOf(archive, 'ArchiveStale')]).toEqual([
      ['clickstream-dev-aggregation-AggregatorBehind', 'IteratorAge', 'Maximum'],
      ['clickstream-dev-archive-ArchiveStale', 'DeliveryToS3.DataFreshness', 'Maximum'],
    ]);
  });

  it('has alarms on metrics that AWS publishes, each with its section and its row in the runbook', () => {
    const [functionId] = entriesOf('AWS::Lambda::Function').find(([id]) => id.startsWith('QueriesHandler'))!;
    const [[apiId]] = entriesOf('AWS::ApiGatewayV2::Api') as [[string, Resource]];
    const named: Record<string, string> = { FunctionName: functionId, ApiId: apiId };
    const alarms = explainedAlarms(template);
    expect(alarms.map(({ id }) => id)).toEqual([
      'DashboardFails',
      'DashboardRefuses',
      'QueryErrors',
      'QueryThrottled',
      'QuerySlow',
    ]);
    expect(alarms.find(({ id }) => id === 'QuerySlow')?.properties.Threshold).toBe(23_200);
    for (const { Name, Value } of dimensionsOf(alarms)) expect(Value).toEqual({ Ref: named[Name] });
    const silent = buildApp({ ...context, alarms: false }).pipeline.dashboard!;
    expect(JSON.stringify(Template.fromStack(silent).toJSON())).not.toContain('AWS::CloudWatch::Alarm');
  });

  it('answers nobody without a token of its own client, and throttles the others', () => {
    const routes = ofType('AWS::ApiGatewayV2::Route');
    const [authorizerId] = entriesOf('AWS::ApiGatewayV2::Authorizer')[0]!;
    expect(routes.map(({ Properties }) => Properties.RouteKey).sort()).toEqual([
      'GET /api/health',
      'GET /api/{proxy+}',
      'HEAD /api/health',
      'HEAD /api/{proxy+}',
    ]);
    for (const { Properties } of routes) {
      expect(Properties).toMatchObject({ AuthorizationType: 'JWT', AuthorizerId: { Ref: authorizerId } });
    }
    const [[clientId]] = entriesOf('AWS::Cognito::UserPoolClient') as [[string, Resource]];
    expect(one('AWS::ApiGatewayV2::Authorizer').Properties.JwtConfiguration.Audience).toEqual([
      { Ref: clientId },
    ]);
    expect(one('AWS::ApiGatewayV2::Stage').Properties.DefaultRouteSettings).toEqual({
      ThrottlingRateLimit: 30,
      ThrottlingBurstLimit: 60,
    });
    expect(one('AWS::ApiGatewayV2::Api').Properties).not.toHaveProperty('CorsConfiguration');
    for (const { Properties } of ofType('AWS::Lambda::Permission')) {
      expect(JSON.stringify(Properties.SourceArn)).toContain('execute-api');
    }
  });

  it('has users that an administrator makes, with a second factor, and a client without a secret', () => {
    expect(one('AWS::Cognito::UserPool').Properties).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      MfaConfiguration: 'ON',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
    });
    const { Properties } = one('AWS::Cognito::UserPoolClient');
    expect(Properties).toMatchObject({
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid'],
      GenerateSecret: false,
      PreventUserExistenceErrors: 'ENABLED',
    });
    expect(JSON.stringify(Properties.CallbackURLs)).toContain('DomainName');
    // Cognito's default would give tokens for a password to whoever asks it past the page of the pool.
    expect(Properties.ExplicitAuthFlows).toEqual(['ALLOW_REFRESH_TOKEN_AUTH']);
  });

  it('keeps the logical id of its users: with another one, everybody would have to be made anew', () => {
    expect(entriesOf('AWS::Cognito::UserPool').map(([id]) => id)).toEqual(['SignInUsers1801E146']);
    const prod = buildApp({ stage: 'prod', dashboard: 'hosted', deletionProtection: true }).pipeline
      .dashboard!;
    expect(Object.values((Template.fromStack(prod).toJSON() as TemplateJson).Resources)).toContainEqual(
      expect.objectContaining({
        Type: 'AWS::Cognito::UserPool',
        DeletionPolicy: 'RetainExceptOnCreate',
        Properties: expect.objectContaining({ DeletionProtection: 'ACTIVE' }),
      }),
    );
  });

  it('has a page that only CloudFront reads, and that may connect to itself and the sign-in alone', () => {
    const [[bucketId]] = entriesOf('AWS::S3::Bucket') as [[string, Resource]];
    const readers = ofType('AWS::S3::BucketPolicy')
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Effect, Action }: Statement) => Effect === 'Allow' && Action === 's3:GetObject');
    expect(readers).toEqual([
      expect.objectContaining({
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Condition: { StringEquals: { 'AWS:SourceArn': expect.anything() } },
      }),
    ]);
    expect(JSON.stringify(readers)).toContain(bucketId);
    const policy = JSON.stringify(one('AWS::CloudFront::ResponseHeadersPolicy').Properties);
    expect(policy).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' https://cognito-idp.",
    );
    expect(policy).toContain("frame-ancestors 'none'");
    const { DistributionConfig } = one('AWS::CloudFront::Distribution').Properties;
    const [api] = DistributionConfig.CacheBehaviors;
    // The managed policy that caches nothing.
    expect(api).toMatchObject({
      PathPattern: '/api/*',
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
    });
    for (const { ViewerProtocolPolicy, ResponseHeadersPolicyId } of [
      api,
      DistributionConfig.DefaultCacheBehavior,
    ]) {
      expect([ViewerProtocolPolicy, ResponseHeadersPolicyId]).toEqual(['https-only', expect.anything()]);
    }
  });

  it.each(['dev', 'prod'])('breaks no rule of security in %s', (stage) => {
    const deployment = buildApp({ stage, dashboard: 'hosted' });
    addSecurityChecks(deployment.app);
    expect(() => deployment.app.synth()).not.toThrow();
  });
});
