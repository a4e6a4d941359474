import { TableAttributes as AggregatesTable } from '../../domain/counters/table-layout';
import { windowSizes } from '../../domain/counters/window';
import { AggregatorEnvironment } from '../../lambda/aggregator/contract';
import { CompactorEnvironment, retentionVariable } from '../../lambda/compactor/contract';
import { retentionSettings } from '../support/retention-factory';
import { attribute, only, reference, templatesOf } from './deployment';

const retention = retentionSettings({
  minuteRetentionDays: 19,
  hourRetentionDays: 211,
  dayRetentionDays: 307,
});
// Every number differs, so that two settings in each other's place fail.
const template = templatesOf({
  streamRetentionHours: 100,
  batchSize: 1_201,
  batchingWindowSeconds: 13,
  retryAttempts: 17,
  maxRecordAgeSeconds: 4_019,
  aggregatorMemoryMiB: 523,
  aggregatorTimeoutSeconds: 41,
  aggregatorReservedConcurrency: 31,
  ...retention,
  minutesForDays: 53,
  logDays: 37,
  compactionSeconds: 43,
  compactorMemoryMiB: 557,
  compactorTimeoutSeconds: 47,
  deduplicationSeconds: 301,
  uniqueVisitors: 'total',
  pointInTimeRecoveryDays: 23,
  onFailureExpiryDays: 29,
  logRetentionDays: 14,
}).aggregation;
const [tableId, table] = only(template, 'AWS::DynamoDB::Table');
const [bucketId, bucket] = only(template, 'AWS::S3::Bucket');
const [functionId, aggregator] = only(template, 'AWS::Lambda::Function', 'Aggregator');
const [mappingId, mapping] = only(template, 'AWS::Lambda::EventSourceMapping');
const [compactorId, compactor] = only(template, 'AWS::Lambda::Function', 'Compactor');
const [ruleId, rule] = only(template, 'AWS::Events::Rule');
const [logsId, logs] = only(template, 'AWS::Logs::LogGroup', 'Aggregator');
const [roleId] = only(template, 'AWS::IAM::Role', 'Aggregator');
const [policyId] = only(template, 'AWS::IAM::Policy', 'Aggregator');

describe('the event source mapping', () => {
  it('has every setting where it belongs', () => {
    const { Tags: _, ...properties } = mapping.Properties;
    expect(properties).toEqual({
      EventSourceArn: { 'Fn::ImportValue': expect.stringMatching(/^clickstream-dev-stream:.*Arn/) },
      FunctionName: reference(functionId),
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 1_201,
      MaximumBatchingWindowInSeconds: 13,
      MaximumRetryAttempts: 17,
      MaximumRecordAgeInSeconds: 4_019,
      ParallelizationFactor: 1,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Destination: attribute(bucketId) } },
      MetricsConfig: { Metrics: ['EventCount'] },
    });
  });

  it('is created after the permissions that Lambda checks, and deleted before its bucket is emptied', () => {
    const [emptyingId] = only(template, 'Custom::S3AutoDeleteObjects');
    expect(mapping.DependsOn).toEqual(expect.arrayContaining([policyId, emptyingId]));
  });

  it('retries for ever by default, with the age as the bound', () => {
    const properties = only(templatesOf().aggregation, 'AWS::Lambda::EventSourceMapping', mappingId)[1]
      .Properties;
    expect(properties).toMatchObject({ MaximumRetryAttempts: -1, MaximumRecordAgeInSeconds: 21_600 });
  });
});

describe('the aggregator', () => {
  it('runs on the pinned runtime with its memory, time-out and settings', () => {
    const { Code: _code, Description: _description, Tags: _tags, ...properties } = aggregator.Properties;
    expect(properties).toEqual({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 523,
      Timeout: 41,
      Role: attribute(roleId),
      LoggingConfig: { LogGroup: reference(logsId) },
      ReservedConcurrentExecutions: 31,
      Environment: {
        Variables: {
          PROJECT: 'clickstream',
          STAGE: 'dev',
          [AggregatorEnvironment.tableName]: reference(tableId),
          [AggregatorEnvironment.minutesForDays]: '53',
          [AggregatorEnvironment.logDays]: '37',
          [AggregatorEnvironment.deduplicationSeconds]: '301',
          [AggregatorEnvironment.uniqueVisitors]: 'total',
        },
      },
    });
    expect(logs.Properties.RetentionInDays).toBe(14);
  });
});

describe('the compactor', () => {
  it('has its memory, time-out and settings', () => {
    const { MemorySize, Timeout, Environment } = compactor.Properties;
    expect({ MemorySize, Timeout, Environment }).toEqual({
      MemorySize: 557,
      Timeout: 47,
      Environment: {
        Variables: {
          PROJECT: 'clickstream',
          STAGE: 'dev',
          [CompactorEnvironment.tableName]: reference(tableId),
          [CompactorEnvironment.compactionSeconds]: '43',
          [CompactorEnvironment.logDays]: '37',
          ...Object.fromEntries(
            windowSizes.map((size) => [retentionVariable(size), String(retention[`${size}RetentionDays`])]),
          ),
        },
      },
    });
    // A fresh account refuses any, and two compactions at once are harmless.
    expect(compactor.Properties).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  it('is invoked every minute, by this rule alone', () => {
    expect(rule.Properties).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Targets: [{ Arn: attribute(compactorId), Input: '{}' }],
    });
    const [, permission] = only(template, 'AWS::Lambda::Permission');
    expect(permission.Properties).toMatchObject({
      FunctionName: attribute(compactorId),
      Principal: 'events.amazonaws.com',
      SourceArn: attribute(ruleId),
    });
  });
});

describe('the table', () => {
  it('is on demand, with its keys, time to live and point-in-time recovery', () => {
    expect(table.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: AggregatesTable.partitionKey, KeyType: 'HASH' },
        { AttributeName: AggregatesTable.sortKey, KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: AggregatesTable.partitionKey, AttributeType: 'S' },
        { AttributeName: AggregatesTable.sortKey, AttributeType: 'S' },
      ],
      TimeToLiveSpecification: { AttributeName: AggregatesTable.timeToLive, Enabled: true },
      DeletionProtectionEnabled: false,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 23 },
    });
  });
});

it('given-up batches expire', () => {
  expect(bucket.Properties.LifecycleConfiguration.Rules).toEqual([
    {
      Id: 'expire',
      Status: 'Enabled',
      ExpirationInDays: 29,
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    },
  ]);
});

it('table, functions, bucket and what the counters were made with are outputs', () => {
  const outputs = Object.entries(template.Outputs);
  const exported = outputs.filter(([name]) => name.startsWith('ExportsOutput'));
  // Names and ARNs for a hosted dashboard that may come and go.
  const read = [tableId, only(template, 'AWS::S3::Bucket')[0]];
  expect(exported.map(([, { Value }]) => Value)).toEqual(
    read.flatMap((id) => [reference(id), attribute(id)]),
  );
  expect(Object.fromEntries(outputs.filter((output) => !exported.includes(output)))).toEqual({
    TableName: { Value: reference(tableId) },
    AggregatorFunctionName: { Value: reference(functionId) },
    CompactorFunctionName: { Value: reference(compactorId) },
    OnFailureBucketName: { Value: reference(bucketId) },
    AggregatorSettings: {
      Value: JSON.stringify({
        ...retention,
        ...{ minutesForDays: 53, logDays: 37, maxRecordAgeSeconds: 4_019 },
        ...{ deduplicationSeconds: 301, uniqueVisitors: 'total' },
      }),
    },
  });
});
