import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { archiveColumns, rejectionColumns } from '../../domain/archive/columns';
import { copyOptions } from '../../lib/destinations/redshift';
import { attribute, buildApp, only, reference, type Template as TemplateJson } from './deployment';
import { destinationContexts } from './destination-factory';
import { dimensionsOf, explainedAlarms, otherStacks } from './opt-in-stack';
import { redacted } from './redacted';

type Kind = keyof typeof destinationContexts;
const kinds = Object.keys(destinationContexts) as Kind[];

const templateOf = (context: Readonly<Record<string, unknown>>): TemplateJson =>
  Template.fromStack(buildApp(context).pipeline.destination!).toJSON() as TemplateJson;
const templates = Object.fromEntries(
  kinds.map((kind) => [kind, templateOf({ ...destinationContexts[kind], transformerBufferSeconds: 11 })]),
) as Record<Kind, TemplateJson>;

const arrivalHour = 'year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/';
const archive = { 'Fn::ImportValue': expect.stringMatching(/^clickstream-dev-archive:.*Archive.*Arn/) };
const stream = { 'Fn::ImportValue': expect.stringMatching(/^clickstream-dev-stream:.*ClickStream.*Arn/) };
const configurationNames: Readonly<Record<Kind, string>> = {
  http: 'HttpEndpointDestinationConfiguration',
  opensearch: 'AmazonopensearchserviceDestinationConfiguration',
  splunk: 'SplunkDestinationConfiguration',
  redshift: 'RedshiftDestinationConfiguration',
};

/** The configuration of the destination, and what all of them have in common taken out. */
function configurationOf(kind: Kind) {
  const [, { Properties }] = only(templates[kind], 'AWS::KinesisFirehose::DeliveryStream');
  const { Tags: _, DeliveryStreamType, KinesisStreamSourceConfiguration, ...destinations } = Properties;
  expect(DeliveryStreamType).toBe('KinesisStreamAsSource');
  expect(KinesisStreamSourceConfiguration.KinesisStreamARN).toEqual(stream);
  expect(Object.keys(destinations)).toEqual([configurationNames[kind]]);
  const { CloudWatchLoggingOptions, ProcessingConfiguration, S3Configuration, ...own } =
    destinations[configurationNames[kind]];
  return { own, common: { CloudWatchLoggingOptions, ProcessingConfiguration, S3Configuration } };
}

/** `action` → resources. */
function permissionsOf(template: TemplateJson, idStart: string): Record<string, readonly unknown[]> {
  const [, { Properties }] = only(template, 'AWS::IAM::Policy', idStart);
  const permissions: Record<string, unknown[]> = {};
  for (const { Action, Resource } of Properties.PolicyDocument.Statement) {
    for (const action of [Action].flat()) {
      permissions[action] = [...(permissions[action] ?? []), ...[Resource].flat()];
    }
  }
  return permissions;
}

describe.each(kinds)('The stack of the destination %s', (kind) => {
  const template = templates[kind];
  const [roleId] = only(template, 'AWS::IAM::Role', 'Delivery');
  const [functionId, forwarder] = only(template, 'AWS::Lambda::Function', 'Forwarder');

  it('has the forwarder between, logs errors, and keeps what fails in the form that can be found', () => {
    const { common } = configurationOf(kind);
    const [logsId] = only(template, 'AWS::Logs::LogGroup', 'Delivery');
    expect(common.CloudWatchLoggingOptions).toMatchObject({ Enabled: true, LogGroupName: reference(logsId) });
    expect(common.ProcessingConfiguration).toMatchObject({
      Enabled: true,
      Processors: [
        {
          Type: 'Lambda',
          Parameters: expect.arrayContaining([
            { ParameterName: 'LambdaArn', ParameterValue: attribute(functionId) },
            { ParameterName: 'BufferIntervalInSeconds', ParameterValue: '11' },
          ]),
        },
      ],
    });
    const isStaged = kind === 'redshift';
    expect(common.S3Configuration).toMatchObject({
      BucketARN: isStaged ? attribute(only(template, 'AWS::S3::Bucket')[0]) : archive,
      RoleARN: attribute(roleId),
      Prefix: `${isStaged ? 'staged' : 'undelivered'}/${arrivalHour}`,
      ErrorOutputPrefix: `undelivered/!{firehose:error-output-type}/${arrivalHour}`,
      CompressionFormat: 'GZIP',
      EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
    });
    expect(forwarder.Properties.Environment.Variables).toMatchObject({
      PROJECT: 'clickstream',
      EVENT_FORM: kind === 'opensearch' ? 'document' : 'lines',
    });
  });

  it('may read the stream, call the forwarder, keep what fails, log, and use its destination: nothing else', () => {
    const permissions = permissionsOf(template, 'Delivery');
    const versions = [attribute(functionId), { 'Fn::Join': ['', [attribute(functionId), ':$LATEST']] }];
    const bucket = kind === 'redshift' ? attribute(only(template, 'AWS::S3::Bucket')[0]) : archive;
    const keys = kind === 'redshift' ? '/*' : '/undelivered/*';
    const objects = [{ 'Fn::Join': ['', [bucket, keys]] }];
    const { destinationSecretArn: secret, destinationSecretKeyArn: key } = destinationContexts[kind];
    const domain = destinationContexts.opensearch.destinationAddress;
    expect(permissions).toEqual({
      'kinesis:DescribeStream': [stream],
      'kinesis:GetRecords': [stream],
      'kinesis:GetShardIterator': [stream],
      'kinesis:ListShards': [stream],
      'lambda:GetFunctionConfiguration': versions,
      'lambda:InvokeFunction': versions,
      's3:GetBucketLocation': [bucket],
      's3:ListBucket': [bucket],
      's3:ListBucketMultipartUploads': [bucket],
      's3:AbortMultipartUpload': objects,
      's3:GetObject': objects,
      's3:PutObject': objects,
      'logs:PutLogEvents': [expect.anything()],
      ...(secret && { 'secretsmanager:GetSecretValue': [secret] }),
      ...(key && { 'kms:Decrypt': [key] }),
      ...(kind === 'opensearch' && {
        'es:DescribeDomain': [domain],
        'es:DescribeDomainConfig': [domain],
        'es:DescribeDomains': [domain],
        'es:ESHttpPost': [domain, `${domain}/*`],
        'es:ESHttpPut': [domain, `${domain}/*`],
        'es:ESHttpGet': expect.arrayContaining([`${domain}/clicks*/_mapping/*`, `${domain}/_nodes`]),
      }),
    });
    expect(Object.keys(permissionsOf(template, 'Forwarder'))).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
  });

  it('has alarms on metrics that AWS publishes, each with its section and its row in the runbook', () => {
    const [streamId] = only(template, 'AWS::KinesisFirehose::DeliveryStream');
    const alarms = explainedAlarms(template);
    expect(alarms).toHaveLength(6);
    for (const { Name, Value } of dimensionsOf(alarms)) {
      expect(Value).toEqual(reference(Name === 'DeliveryStreamName' ? streamId : functionId));
    }
  });
});

describe('The delivery stream', () => {
  const roleOf = (kind: Kind) => attribute(only(templates[kind], 'AWS::IAM::Role', 'Delivery')[0]);
  const secretOf = (kind: Kind) => ({
    Enabled: true,
    SecretARN: destinationContexts[kind].destinationSecretArn,
    RoleARN: roleOf(kind),
  });

  it('to an HTTP endpoint has every setting where it belongs', () => {
    expect(configurationOf('http').own).toEqual({
      EndpointConfiguration: { Url: 'https://receiver.example/clicks?tenant=7' },
      RequestConfiguration: { ContentEncoding: 'GZIP' },
      BufferingHints: { IntervalInSeconds: 17, SizeInMBs: 4 },
      RetryOptions: { DurationInSeconds: 1_234 },
      SecretsManagerConfiguration: secretOf('http'),
      S3BackupMode: 'FailedDataOnly',
      RoleARN: roleOf('http'),
    });
  });

  it('to OpenSearch repeats under the same id, into an index a day', () => {
    expect(configurationOf('opensearch').own).toEqual({
      DomainARN: 'arn:aws:es:eu-central-1:111122223333:domain/search',
      IndexName: 'clicks',
      IndexRotationPeriod: 'OneDay',
      DocumentIdOptions: { DefaultDocumentIdFormat: 'FIREHOSE_DEFAULT' },
      BufferingHints: { IntervalInSeconds: 19, SizeInMBs: 4 },
      RetryOptions: { DurationInSeconds: 2_345 },
      S3BackupMode: 'FailedDocumentsOnly',
      RoleARN: roleOf('opensearch'),
    });
  });

  it('to Splunk waits for its acknowledgement', () => {
    expect(configurationOf('splunk').own).toEqual({
      HECEndpoint: 'https://hec.splunk.example:8088',
      HECEndpointType: 'Raw',
      HECAcknowledgmentTimeoutInSeconds: 300,
      BufferingHints: { IntervalInSeconds: 23, SizeInMBs: 4 },
      RetryOptions: { DurationInSeconds: 3_456 },
      SecretsManagerConfiguration: secretOf('splunk'),
      S3BackupMode: 'FailedEventsOnly',
    });
  });

  it('to Redshift copies JSON of members in any case, compressed as the staged objects are', () => {
    const { own, common } = configurationOf('redshift');
    expect(own).toEqual({
      ClusterJDBCURL: 'jdbc:redshift://clicks.abc123.eu-central-1.redshift.amazonaws.com:5439/web',
      CopyCommand: {
        DataTableName: 'public.clicks',
        CopyOptions: "FORMAT AS JSON 'auto ignorecase' GZIP TIMEFORMAT 'auto' TRUNCATECOLUMNS",
      },
      RetryOptions: { DurationInSeconds: 4_567 },
      SecretsManagerConfiguration: secretOf('redshift'),
      RoleARN: roleOf('redshift'),
    });
    expect(own.CopyCommand.CopyOptions).toContain(common.S3Configuration.CompressionFormat);
  });

  it('sends no access key if there is no secret, and says so', () => {
    const { destinationSecretArn: _, destinationSecretKeyArn: __, ...context } = destinationContexts.http;
    const without = templateOf(context);
    const [, { Properties }] = only(without, 'AWS::KinesisFirehose::DeliveryStream');
    expect(Properties.HttpEndpointDestinationConfiguration.SecretsManagerConfiguration).toEqual({
      Enabled: false,
    });
    expect(JSON.stringify(only(without, 'AWS::IAM::Policy', 'Delivery'))).not.toContain('secretsmanager');
  });

  it('may use a customer’s key for the stream and for what fails, each through its service', () => {
    const encrypted = templateOf({ ...destinationContexts.splunk, encryption: 'customer-managed' });
    const policy = JSON.stringify(only(encrypted, 'AWS::IAM::Policy', 'Delivery'));
    expect(policy).toContain('"kinesis.');
    expect(policy).toContain('"s3.');
    const [, { Properties }] = only(encrypted, 'AWS::KinesisFirehose::DeliveryStream');
    expect(Properties.SplunkDestinationConfiguration.S3Configuration.EncryptionConfiguration).toHaveProperty(
      'KMSEncryptionConfig',
    );
  });
});

describe('The page of destinations', () => {
  const page = readFileSync(join(__dirname, '../../docs/destinations.md'), 'utf8');

  it('makes a table of Redshift with a column for each member that an event has in the archive', () => {
    const [, table] = /CREATE TABLE public\.clicks \(([\s\S]*?)\) SORTKEY/.exec(page)!;
    const columns = table!.split(/,(?![^(]*\))/).map((column) => /\w+/.exec(column)![0]);
    const rejection = new Set(rejectionColumns.map(({ name }) => name));
    const members = archiveColumns.map(({ name }) => name).filter((name) => !rejection.has(name));
    expect(columns.sort()).toEqual(members.map((name) => name.toLowerCase()).sort());
  });

  it('copies by hand as Firehose does', () => {
    expect(page.split(`${copyOptions}\``)).toHaveLength(3);
  });
});

describe('A destination', () => {
  it('is as reviewed, by the example of an HTTP endpoint', () => {
    expect(redacted(templates.http)).toMatchSnapshot();
  });

  it('is there only if it is asked for, and changes no more of the other stacks than the dashboard of alarms', () => {
    expect(buildApp().pipeline.destination).toBeUndefined();
    const others = otherStacks({});
    expect(otherStacks({ ...destinationContexts.redshift })).toEqual(others);
    expect(otherStacks({ ...destinationContexts.opensearch })).toEqual(others);
  });

  it.each<readonly [Kind, object, string]>([
    ['http', { destinationAddress: 'http://a.example/' }, 'destinationAddress'],
    ['http', { destinationAddress: 'https://a.example:8443/' }, 'destinationAddress'],
    ['http', { destinationAddress: 'https://user:secret@a.example/' }, 'destinationAddress'],
    ['http', { destinationTarget: 'clicks' }, 'destinationTarget'],
    ['opensearch', { destinationAddress: 'https://search.example/' }, 'destinationAddress'],
    ['opensearch', { destinationTarget: 'Clicks' }, 'destinationTarget'],
    ['opensearch', { destinationTarget: '' }, 'destinationTarget'],
    [
      'opensearch',
      { destinationSecretArn: destinationContexts.http.destinationSecretArn },
      'destinationSecretArn',
    ],
    ['splunk', { destinationSecretArn: '' }, 'destinationSecretArn'],
    ['splunk', { destinationAddress: 'https://hec.example:8088/services/collector' }, 'destinationAddress'],
    ['splunk', { destinationBufferSeconds: 61 }, 'destinationBufferSeconds'],
    ['redshift', { destinationSecretArn: '' }, 'destinationSecretArn'],
    ['redshift', { destinationAddress: 'jdbc:mysql://a.example:3306/web' }, 'destinationAddress'],
    ['redshift', { destinationTarget: 'clicks; drop table x' }, 'destinationTarget'],
    ['http', { destinationSecretArn: '' }, 'destinationSecretKeyArn'],
  ])('%s is refused with %j', (kind, wrong, setting) => {
    expect(() => buildApp({ ...destinationContexts[kind], ...wrong })).toThrow(
      new RegExp(`${setting}: .*is not allowed; allowed is `),
    );
  });
});
