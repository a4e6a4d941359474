import { attribute, only, reference, templatesOf } from './deployment';

// Every number differs, so that two settings in each other's place fail.
const template = templatesOf({
  transformerMemoryMiB: 541,
  transformerTimeoutSeconds: 43,
  transformerReservedConcurrency: 29,
  transformerBufferSeconds: 11,
  archiveBufferSeconds: 67,
  archiveBufferMiB: 31,
  archiveInfrequentAccessDays: 37,
  archiveGlacierDays: 83,
  archiveExpiryDays: 401,
  logRetentionDays: 14,
}).archive;
const [bucketId, bucket] = only(template, 'AWS::S3::Bucket');
const [functionId, transformer] = only(template, 'AWS::Lambda::Function', 'Transformer');
const [functionRoleId] = only(template, 'AWS::IAM::Role', 'Transformer');
const [functionLogsId, functionLogs] = only(template, 'AWS::Logs::LogGroup', 'Transformer');
const [deliveryId, delivery] = only(template, 'AWS::KinesisFirehose::DeliveryStream');
const [roleId] = only(template, 'AWS::IAM::Role', 'Delivery');
const [policyId] = only(template, 'AWS::IAM::Policy', 'Delivery');
const [logsId, logs] = only(template, 'AWS::Logs::LogGroup', 'Delivery');
const [logStreamId, logStream] = only(template, 'AWS::Logs::LogStream');

describe('the delivery stream', () => {
  it('has every setting where it belongs', () => {
    const hour = 'year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/';
    const { Tags: _, ...properties } = delivery.Properties;
    expect(properties).toEqual({
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: {
        KinesisStreamARN: { 'Fn::ImportValue': expect.stringMatching(/^clickstream-dev-stream:.*Arn/) },
        RoleARN: attribute(roleId),
      },
      ExtendedS3DestinationConfiguration: {
        BucketARN: attribute(bucketId),
        RoleARN: attribute(roleId),
        Prefix: `events/${hour}`,
        ErrorOutputPrefix: `errors/!{firehose:error-output-type}/${hour}`,
        BufferingHints: { IntervalInSeconds: 67, SizeInMBs: 31 },
        CompressionFormat: 'GZIP',
        EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
        CloudWatchLoggingOptions: {
          Enabled: true,
          LogGroupName: reference(logsId),
          LogStreamName: reference(logStreamId),
        },
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            {
              Type: 'Lambda',
              Parameters: [
                { ParameterName: 'LambdaArn', ParameterValue: attribute(functionId) },
                { ParameterName: 'RoleArn', ParameterValue: attribute(roleId) },
                { ParameterName: 'BufferSizeInMBs', ParameterValue: '1' },
                { ParameterName: 'BufferIntervalInSeconds', ParameterValue: '11' },
                { ParameterName: 'NumberOfRetries', ParameterValue: '8' },
              ],
            },
          ],
        },
      },
    });
    expect(logStream.Properties.LogGroupName).toEqual(reference(logsId));
    expect(logs.Properties.RetentionInDays).toBe(14);
  });

  it('is created after its permissions, and deleted before its bucket is emptied', () => {
    const [emptyingId] = only(template, 'Custom::S3AutoDeleteObjects');
    expect(delivery.DependsOn).toEqual(expect.arrayContaining([policyId, emptyingId]));
  });
});

it('the transformer runs on the pinned runtime with its memory and time-out, and knows its deployment', () => {
  const { Code: _code, Description: _description, Tags: _tags, ...properties } = transformer.Properties;
  expect(properties).toEqual({
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Handler: 'index.handler',
    MemorySize: 541,
    Timeout: 43,
    Role: attribute(functionRoleId),
    LoggingConfig: { LogGroup: reference(functionLogsId) },
    Environment: { Variables: { PROJECT: 'clickstream', STAGE: 'dev' } },
    ReservedConcurrentExecutions: 29,
  });
  expect(functionLogs.Properties.RetentionInDays).toBe(14);
});

it('invocations are set aside only if asked for: a fresh account has none to spare', () => {
  const [, free] = only(templatesOf().archive, 'AWS::Lambda::Function', 'Transformer');
  expect(free.Properties).not.toHaveProperty('ReservedConcurrentExecutions');
});

describe('archive objects', () => {
  const incomplete = { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } };

  it('grow colder and expire when they are told to', () => {
    expect(bucket.Properties.LifecycleConfiguration.Rules).toEqual([
      {
        Id: 'age',
        Status: 'Enabled',
        ...incomplete,
        Transitions: [
          { StorageClass: 'STANDARD_IA', TransitionInDays: 37 },
          { StorageClass: 'GLACIER_IR', TransitionInDays: 83 },
        ],
        ExpirationInDays: 401,
      },
    ]);
  });

  it('stay as they are where 0 says never', () => {
    const never = { archiveInfrequentAccessDays: 0, archiveGlacierDays: 0, archiveExpiryDays: 0 };
    const [, forEver] = only(templatesOf(never).archive, 'AWS::S3::Bucket');
    expect(forEver.Properties.LifecycleConfiguration.Rules).toEqual([
      { Id: 'age', Status: 'Enabled', ...incomplete },
    ]);
  });

  it('can be restored for a month after a deletion in prod, and only there', () => {
    expect(bucket.Properties).not.toHaveProperty('VersioningConfiguration');
    const [, prod] = only(templatesOf({ stage: 'prod' }).archive, 'AWS::S3::Bucket');
    expect(prod.Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(prod.Properties.LifecycleConfiguration.Rules).toContainEqual({
      Id: 'forget-deleted',
      Status: 'Enabled',
      NoncurrentVersionExpiration: { NoncurrentDays: 30 },
      ExpiredObjectDeleteMarker: true,
    });
  });
});

it('bucket, function and delivery stream are outputs', () => {
  const outputs = Object.entries(template.Outputs);
  const exported = outputs.filter(([name]) => name.startsWith('ExportsOutput'));
  // The bucket's name and ARN, for a stack of analytics that may come and go.
  expect(exported.map(([, { Value }]) => Value)).toEqual([reference(bucketId), attribute(bucketId)]);
  expect(Object.fromEntries(outputs.filter((output) => !exported.includes(output)))).toEqual({
    ArchiveBucketName: { Value: reference(bucketId) },
    TransformerFunctionName: { Value: reference(functionId) },
    DeliveryStreamName: { Value: reference(deliveryId) },
  });
});
