import { Template } from 'aws-cdk-lib/assertions';
import { AdapterEnvironment, realtimeLogFields } from '../../lambda/adapter/contract';
import { attribute, buildApp, only, resourcesOf, type Template as TemplateJson } from './deployment';
import { dimensionsOf, explainedAlarms, otherStacks } from './opt-in-stack';
import { redacted } from './redacted';

const deduplicationSeconds = 420;
const context = {
  deduplicationSeconds,
  logSources: true,
  logFormat: 'vhost_combined',
  busSource: 'shop.web',
  busName: 'site-events',
  shardCount: 3,
  streamRetentionHours: 48,
  batchSize: 700,
  maxRecordAgeSeconds: 7_200,
  logRetentionDays: 14,
};
const sourcesOf = (of: Readonly<Record<string, unknown>>) =>
  Template.fromStack(buildApp(of).pipeline.sources!).toJSON() as TemplateJson;
const template = sourcesOf(context);
const clicks = { 'Fn::ImportValue': expect.stringMatching(/-stream:.*ClickStream.*Arn/) };
const types = (of: TemplateJson) => new Set(Object.values(of.Resources).map(({ Type }) => Type));

describe('the stack of sources', () => {
  it('is as reviewed', () => {
    expect(redacted(template)).toMatchSnapshot();
  });

  it('is there only if it is asked for, and changes no more of the others than the dashboard of alarms', () => {
    expect(buildApp({ deduplicationSeconds }).pipeline.sources).toBeUndefined();
    const { logSources: _, busSource: __, logFormat: ___, busName: ____, ...others } = context;
    expect(otherStacks(context)).toEqual(otherStacks(others));
  });

  it('has for each source only what that one needs', () => {
    const logs = types(sourcesOf({ logSources: true, deduplicationSeconds }));
    expect(logs).toContain('AWS::Kinesis::Stream');
    expect(logs).not.toContain('AWS::Events::Rule');
    const bus = types(sourcesOf({ busSource: 'shop.web', deduplicationSeconds }));
    expect(bus).toContain('AWS::Events::Rule');
    expect(bus).not.toContain('AWS::Kinesis::Stream');
  });

  it.each([{ logSources: true }, { busSource: 'shop.web' }])(
    'is refused with %j where copies would not be told for long enough',
    (source) => {
      const [name] = Object.keys(source);
      expect(() => buildApp({ ...source, deduplicationSeconds: 299 })).toThrow(
        `deduplicationSeconds: 299 is not allowed; allowed is at least 300 with ${name}`,
      );
      expect(() => buildApp({ ...source, deduplicationSeconds: 300 })).not.toThrow();
      expect(() => buildApp(source)).toThrow('deduplicationSeconds: 0 is not allowed');
    },
  );

  it.each(['aws.s3', 'shop web', 'x'.repeat(257)])('is refused for the source "%s"', (busSource) => {
    expect(() => buildApp({ busSource, deduplicationSeconds })).toThrow('busSource');
  });

  it('has a stream for log lines like that for clicks, which the adapter reads in order', () => {
    const [streamId, stream] = only(template, 'AWS::Kinesis::Stream');
    expect(stream.Properties).toMatchObject({ ShardCount: 3, RetentionPeriodHours: 48 });
    const [, { Properties }] = only(template, 'AWS::Lambda::EventSourceMapping');
    const [bucketId] = only(template, 'AWS::S3::Bucket');
    expect(Properties).toMatchObject({
      EventSourceArn: attribute(streamId),
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 700,
      ParallelizationFactor: 1,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRecordAgeInSeconds: 7_200,
      DestinationConfig: { OnFailure: { Destination: attribute(bucketId) } },
    });
    const [, adapter] = only(template, 'AWS::Lambda::Function', 'Adapter');
    expect(adapter.Properties.Environment.Variables[AdapterEnvironment.logFormat]).toBe('vhost_combined');
  });

  it('encrypts log lines with the customer’s key, and lets everybody use it who puts or reads', () => {
    const encrypted = sourcesOf({ ...context, encryption: 'customer-managed' });
    const [, { Properties }] = only(encrypted, 'AWS::Kinesis::Stream');
    expect(Properties.StreamEncryption.KeyId).toEqual({ 'Fn::ImportValue': expect.stringContaining('Key') });
    const uses = resourcesOf(encrypted, 'AWS::IAM::Policy').map(([id, policy]) => [
      id.replace(/DefaultPolicy.*|[0-9A-F]{8}$/g, ''),
      policy.Properties.PolicyDocument.Statement.flatMap(
        ({ Action }: { Action: string | string[] }) => Action,
      ).filter((action: string) => action.startsWith('kms:')),
    ]);
    expect(Object.fromEntries(uses)).toEqual({
      WritersCloudFront: ['kms:GenerateDataKey'],
      WritersCloudWatchLogs: ['kms:GenerateDataKey'],
      AdapterHandlerRole: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKey'],
      BusRole: ['kms:GenerateDataKey'],
    });
  });

  it('asks CloudFront for the fields that the adapter reads, of every request', () => {
    const [, { Properties }] = only(template, 'AWS::CloudFront::RealtimeLogConfig');
    expect(Properties).toMatchObject({ Fields: [...realtimeLogFields], SamplingRate: 100 });
    expect(Properties.EndPoints).toEqual([
      {
        StreamType: 'Kinesis',
        KinesisStreamConfig: {
          RoleArn: attribute(only(template, 'AWS::IAM::Role', 'WritersCloudFront')[0]),
          StreamArn: attribute(only(template, 'AWS::Kinesis::Stream')[0]),
        },
      },
    ]);
  });

  it('names the fields in the order in which CloudFront sends them, whatever was asked for', () => {
    // AWS docs: Use real-time logs, "Fields", as far as they go.
    const sent = [
      ...['timestamp', 'c-ip', 'time-to-first-byte', 'sc-status', 'sc-bytes', 'cs-method', 'cs-protocol'],
      ...['cs-host', 'cs-uri-stem', 'cs-bytes', 'x-edge-location', 'x-edge-request-id', 'x-host-header'],
      ...['time-taken', 'cs-protocol-version', 'c-ip-version', 'cs-user-agent', 'cs-referer', 'cs-cookie'],
      ...['cs-uri-query', 'x-edge-response-result-type', 'x-forwarded-for'],
    ];
    expect(sent.filter((field) => realtimeLogFields.some((asked) => asked === field))).toEqual([
      ...realtimeLogFields,
    ]);
  });

  it('lets each role put into its stream, and the adapter read, keep what it gives up, and log: nothing else', () => {
    const [streamId] = only(template, 'AWS::Kinesis::Stream');
    const [logsId] = only(template, 'AWS::Logs::LogGroup', 'Adapter');
    const [bucketId] = only(template, 'AWS::S3::Bucket');
    const statements = (policy: string) =>
      only(template, 'AWS::IAM::Policy', policy)[1].Properties.PolicyDocument.Statement.map(
        ({ Action, Resource }: { Action: unknown; Resource: unknown }) => [Action, Resource],
      );
    const reading = [
      'DescribeStream',
      'DescribeStreamSummary',
      'GetRecords',
      'GetShardIterator',
      'ListShards',
    ];
    const putting = ['kinesis:PutRecord', 'kinesis:PutRecords'];
    expect(statements('Adapter')).toEqual([
      [['logs:CreateLogStream', 'logs:PutLogEvents'], attribute(logsId)],
      ['kinesis:PutRecords', clicks],
      ['s3:PutObject', { 'Fn::Join': ['', [attribute(bucketId), '/aws/lambda/*']] }],
      ['s3:ListBucket', attribute(bucketId)],
      [reading.map((call) => `kinesis:${call}`), attribute(streamId)],
    ]);
    expect(statements('WritersCloudFront')).toEqual([
      [['kinesis:DescribeStream', 'kinesis:DescribeStreamSummary', ...putting], attribute(streamId)],
    ]);
    expect(statements('WritersCloudWatchLogs')).toEqual([[putting, attribute(streamId)]]);
    expect(statements('BusRole')).toEqual([['kinesis:PutRecord', clicks]]);
  });

  it('puts the details of matching events under their visitors, and keeps what EventBridge gives up', () => {
    const [ruleId, { Properties }] = only(template, 'AWS::Events::Rule');
    const [queueId] = only(template, 'AWS::SQS::Queue');
    const there = [{ 'anything-but': [''] }];
    expect(Properties).toMatchObject({
      EventBusName: 'site-events',
      EventPattern: {
        source: ['shop.web'],
        'detail-type': ['click'],
        detail: { eventId: there, type: there, timestamp: there, visitorId: there, page: there },
      },
      Targets: [
        {
          Arn: clicks,
          InputPath: '$.detail',
          KinesisParameters: { PartitionKeyPath: '$.detail.visitorId' },
          DeadLetterConfig: { Arn: attribute(queueId) },
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        },
      ],
    });
    const [, policy] = only(template, 'AWS::SQS::QueuePolicy');
    expect(policy.Properties.PolicyDocument.Statement).toContainEqual({
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Principal: { Service: 'events.amazonaws.com' },
      Resource: attribute(queueId),
      Condition: { ArnEquals: { 'aws:SourceArn': attribute(ruleId) } },
    });
    const [, byDefault] = only(
      sourcesOf({ busSource: 'shop.web', deduplicationSeconds }),
      'AWS::Events::Rule',
    );
    expect(byDefault.Properties).not.toHaveProperty('EventBusName');
  });

  it('has alarms on metrics that AWS publishes, each with its section and its row in the runbook', () => {
    const alarms = explainedAlarms(template);
    expect(alarms).toHaveLength(8);
    for (const { Value } of dimensionsOf(alarms)) {
      expect(JSON.stringify(Value)).toMatch(/"(Ref|Fn::GetAtt)"/);
    }
  });

  it('keeps in prod what holds data, and nothing in dev', () => {
    const fates = (of: TemplateJson) =>
      ['AWS::Kinesis::Stream', 'AWS::S3::Bucket', 'AWS::SQS::Queue'].map(
        (type) => only(of, type)[1].DeletionPolicy,
      );
    expect(fates(template)).toEqual(['Delete', 'Delete', 'Delete']);
    const kept = 'RetainExceptOnCreate';
    expect(fates(sourcesOf({ ...context, stage: 'prod', shardCount: undefined }))).toEqual([
      kept,
      kept,
      kept,
    ]);
  });
});
