import { attribute, only, reference, resourcesOf, templatesOf } from './deployment';

const stream = (context: Readonly<Record<string, unknown>>) =>
  only(templatesOf(context).stream, 'AWS::Kinesis::Stream')[1].Properties;

it('a provisioned stream has the shards and the retention that were asked for', () => {
  expect(stream({ shardCount: 3, streamRetentionHours: 47 })).toMatchObject({
    StreamModeDetails: { StreamMode: 'PROVISIONED' },
    ShardCount: 3,
    RetentionPeriodHours: 47,
    StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
  });
});

it('an on-demand stream chooses its own shards', () => {
  const properties = stream({ streamMode: 'on-demand' });
  expect(properties.StreamModeDetails).toEqual({ StreamMode: 'ON_DEMAND' });
  expect(properties).not.toHaveProperty('ShardCount');
});

it('metrics of every shard are on only when asked for, because each is billed', () => {
  expect(stream({})).not.toHaveProperty('DesiredShardLevelMetrics');
  expect(stream({ shardLevelMetrics: true }).DesiredShardLevelMetrics).toEqual(['ALL']);
});

it('a customer key is created only when asked for, rotates, and encrypts stream and buckets', () => {
  expect(resourcesOf(templatesOf().stream, 'AWS::KMS::Key')).toEqual([]);

  const { stream: producer, aggregation, archive } = templatesOf({ encryption: 'customer-managed' });
  const [keyId, key] = only(producer, 'AWS::KMS::Key');
  expect(key.Properties).toMatchObject({ EnableKeyRotation: true, PendingWindowInDays: 7 });
  expect(only(producer, 'AWS::Kinesis::Stream')[1].Properties.StreamEncryption).toEqual({
    EncryptionType: 'KMS',
    KeyId: attribute(keyId),
  });

  const imported = { 'Fn::ImportValue': expect.stringContaining(keyId) };
  for (const template of [aggregation, archive]) {
    const encryption = only(template, 'AWS::S3::Bucket')[1].Properties.BucketEncryption;
    expect(encryption.ServerSideEncryptionConfiguration).toEqual([
      {
        BucketKeyEnabled: true,
        ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: imported },
      },
    ]);
  }
  const delivery = only(archive, 'AWS::KinesisFirehose::DeliveryStream')[1].Properties;
  expect(delivery.ExtendedS3DestinationConfiguration.EncryptionConfiguration).toEqual({
    KMSEncryptionConfig: { AWSKMSKeyARN: imported },
  });
});

it('name and ARN of the stream are outputs', () => {
  const template = templatesOf().stream;
  const [id] = only(template, 'AWS::Kinesis::Stream');
  expect(template.Outputs).toMatchObject({
    StreamName: { Value: reference(id) },
    StreamArn: { Value: attribute(id) },
  });
});
