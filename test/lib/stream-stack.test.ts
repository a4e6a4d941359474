import {
  attribute,
  only,
  reference,
  resourcesOf,
  type Template,
  type Templates,
  templatesOf,
} from './deployment';

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

describe('a customer key on a pipeline that runs', () => {
  const states = ['aws-managed', 'key-granted', 'customer-managed'] as const;
  const [before, between, after] = states.map((encryption) => templatesOf({ encryption }));

  const streamOf = (template: Template) =>
    only(template, 'AWS::Kinesis::Stream')[1].Properties.StreamEncryption.KeyId;
  const bucketOf = (template: Template) =>
    only(template, 'AWS::S3::Bucket')[1].Properties.BucketEncryption.ServerSideEncryptionConfiguration[0]
      .ServerSideEncryptionByDefault.SSEAlgorithm;
  const deliveryOf = (template: Template) =>
    only(template, 'AWS::KinesisFirehose::DeliveryStream')[1].Properties.ExtendedS3DestinationConfiguration
      .EncryptionConfiguration;
  const exportsOf = (template: Template) =>
    Object.keys(template.Outputs).filter((name) => name.startsWith('ExportsOutput'));
  /** Policies of all roles, as text without the key of the template that they name. */
  const policiesOf = ({ aggregation, archive }: Templates) =>
    [aggregation, archive].flatMap((template) =>
      resourcesOf(template, 'AWS::IAM::Policy').map(([, { Properties }]) => Properties.PolicyDocument),
    );

  it('is there, exported and granted to every reader one deploy before anything is encrypted with it', () => {
    expect(policiesOf(between!)).toEqual(policiesOf(after!));
    expect(JSON.stringify(policiesOf(between!))).toContain('kms:Decrypt');
    expect(JSON.stringify(policiesOf(before!))).not.toContain('kms:');
    expect(exportsOf(between!.stream)).toEqual(exportsOf(after!.stream));
    // The stream, the topic of the alarms, and the key.
    expect(exportsOf(between!.stream)).toHaveLength(3);
    expect(resourcesOf(between!.stream, 'AWS::KMS::Key')).toEqual(
      resourcesOf(after!.stream, 'AWS::KMS::Key'),
    );
  });

  it('encrypts nothing new in between, in both directions, and says so by name where AWS would keep it', () => {
    for (const { stream, aggregation, archive } of [before!, between!]) {
      expect(streamOf(stream)).toBe('alias/aws/kinesis');
      expect([aggregation, archive].map(bucketOf)).toEqual(['AES256', 'AES256']);
      expect(deliveryOf(archive)).toEqual({ NoEncryptionConfig: 'NoEncryption' });
    }
    expect(streamOf(after!.stream)).toEqual(attribute(only(after!.stream, 'AWS::KMS::Key')[0]));
    expect([after!.aggregation, after!.archive].map(bucketOf)).toEqual(['aws:kms', 'aws:kms']);
  });

  it('has its ARN as an output, for roles that the pipeline does not know', () => {
    for (const { stream } of [between!, after!]) {
      expect(stream.Outputs.KeyArn).toEqual({ Value: attribute(only(stream, 'AWS::KMS::Key')[0]) });
    }
    expect(before!.stream.Outputs).not.toHaveProperty('KeyArn');
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
