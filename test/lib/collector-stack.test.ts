import { Template } from 'aws-cdk-lib/assertions';
import { CollectorEnvironment } from '../../lambda/collector/contract';
import { attribute, buildApp, only, resourcesOf, type Template as TemplateJson } from './deployment';
import { dimensionsOf, explainedAlarms, otherStacks } from './opt-in-stack';
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

const variablesOf = (json: TemplateJson) =>
  only(json, 'AWS::Lambda::Function')[1].Properties.Environment.Variables;

describe('the stack of the collector', () => {
  it('is as reviewed', () => {
    expect(redacted(template)).toMatchSnapshot();
  });

  it('is there only if it is asked for, and changes no more of the others than the dashboard of alarms', () => {
    expect(app.node.children.map(({ node }) => node.id)).toContain('clickstream-dev-collector');
    expect(buildApp().pipeline.collector).toBeUndefined();
    expect(otherStacks(context)).toEqual(otherStacks({ logRetentionDays: 14 }));
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

  it('lets anybody call the address, and nobody the function otherwise but its schedule', () => {
    const [, { Properties }] = only(template, 'AWS::Lambda::Url');
    expect(Properties.AuthType).toBe('NONE');
    expect(Properties).not.toHaveProperty('Cors');
    const permissions = resourcesOf(template, 'AWS::Lambda::Permission').map(
      ([, resource]) => resource.Properties,
    );
    expect(permissions).toEqual([
      expect.objectContaining({
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: attribute(only(template, 'AWS::Events::Rule')[0]),
      }),
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

  it('has nothing of CloudFront unless it is asked for', () => {
    const types = Object.values(template.Resources).map(({ Type }) => Type);
    expect(types.filter((type) => /CloudFront|SecretsManager/.test(type))).toEqual([]);
    expect(variablesOf(template)).toMatchObject({ CLOUDFRONT: 'off', CLOUDFRONT_PROOF: 'none' });
    expect(() => buildApp({ collectorCloudFront: 'only' })).toThrow(
      'collectorCloudFront: only is not allowed; allowed is off without collector',
    );
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
      [['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Scan'], attribute(tableId)],
    ]);
    const encrypted = templateOf(buildApp({ ...context, encryption: 'key-granted' }).pipeline.collector!);
    expect(JSON.stringify(only(encrypted, 'AWS::IAM::Policy'))).toContain('kms:GenerateDataKey');
  });

  it('keeps salts nowhere but in the table, and has those of before removed each hour', () => {
    const [, { Properties, DeletionPolicy }] = only(template, 'AWS::DynamoDB::Table');
    expect(Properties).not.toHaveProperty('PointInTimeRecoverySpecification');
    expect(Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'expiresAt', Enabled: true });
    const [, rule] = only(template, 'AWS::Events::Rule');
    expect(rule.Properties).toMatchObject({ ScheduleExpression: 'rate(1 hour)', State: 'ENABLED' });
    expect(rule.Properties.Targets).toEqual([
      expect.objectContaining({
        Arn: attribute(only(template, 'AWS::Lambda::Function')[0]),
        Input: '{"forget":"salts"}',
      }),
    ]);
    const prod = templateOf(buildApp({ ...context, stage: 'prod' }).pipeline.collector!);
    expect([DeletionPolicy, only(prod, 'AWS::DynamoDB::Table')[1].DeletionPolicy]).toEqual([
      'Delete',
      'Delete',
    ]);
  });

  it('has alarms on metrics that AWS publishes, each with its section and its row in the runbook', () => {
    const [functionId] = only(template, 'AWS::Lambda::Function');
    const alarms = explainedAlarms(template);
    expect(alarms).toHaveLength(2);
    for (const dimension of dimensionsOf(alarms)) {
      expect(dimension).toEqual({ Name: 'FunctionName', Value: { Ref: functionId } });
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

describe('CloudFront before the collector', () => {
  const fronted = templateOf(
    buildApp({ ...context, name: 'shop', collectorCloudFront: 'only' }).pipeline.collector!,
  );
  const [, distribution] = only(fronted, 'AWS::CloudFront::Distribution');
  const { DefaultCacheBehavior, CacheBehaviors, Origins } = distribution.Properties.DistributionConfig;
  const [secretId, secret] = only(fronted, 'AWS::SecretsManager::Secret');
  const [policyId, policy] = only(fronted, 'AWS::CloudFront::OriginRequestPolicy');
  // As AWS names its managed policies.
  const [optimized, disabled] = [
    '658327ea-f89d-4fab-a63d-7e88639e58f6',
    '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
  ];

  it('keeps scripts, and hands over all else uncached, any method', () => {
    expect(CacheBehaviors).toEqual([
      expect.objectContaining({ PathPattern: '/clicks.*js', CachePolicyId: optimized }),
    ]);
    expect(CacheBehaviors[0].AllowedMethods).toBeUndefined();
    expect(DefaultCacheBehavior).toMatchObject({
      CachePolicyId: disabled,
      OriginRequestPolicyId: { Ref: policyId },
      AllowedMethods: expect.arrayContaining(['POST', 'OPTIONS']),
      ViewerProtocolPolicy: 'https-only',
    });
  });

  it('says who the viewer is, and what the function reads, and not by what name it was called', () => {
    const { Name, HeadersConfig } = policy.Properties.OriginRequestPolicyConfig;
    expect(HeadersConfig.HeaderBehavior).toBe('whitelist');
    expect(HeadersConfig.Headers.map((name: string) => name.toLowerCase()).sort()).toEqual(
      ['origin', 'user-agent', 'content-type', 'sec-gpc', 'cloudfront-viewer-address'].sort(),
    );
    expect(JSON.stringify(Name)).toMatch(/shop-dev-collector-.*AWS::Region/);
  });

  it('shows the function a secret that only a deploy fills in, on both sides alike', () => {
    const proof = variablesOf(fronted).CLOUDFRONT_PROOF;
    expect(proof).toEqual({
      'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: secretId }, ':SecretString:::}}']],
    });
    expect(Origins).toEqual([
      expect.objectContaining({
        OriginCustomHeaders: [{ HeaderName: 'x-collector-proof', HeaderValue: proof }],
      }),
    ]);
    expect(variablesOf(fronted).CLOUDFRONT).toBe('only');
    expect(secret.Properties.GenerateSecretString).toMatchObject({ PasswordLength: 48 });
    expect(secret.Properties).not.toHaveProperty('SecretString');
  });

  it('is the address of the stack, which also gives what a site’s own distribution needs', () => {
    const value = (name: string) => JSON.stringify(fronted.Outputs[name]?.Value);
    expect(value('CollectorUrl')).toMatch(/https:\/\/.*DomainName/);
    expect(value('CollectorOriginDomain')).toContain('FunctionUrl');
    expect(value('CollectorOriginRequestPolicyId')).toBe(JSON.stringify({ Ref: policyId }));
    expect(value('CollectorProofSecretArn')).toBe(JSON.stringify({ Ref: secretId }));
  });
});
