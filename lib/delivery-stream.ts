import { ArnFormat, type CfnResource, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { type ILogGroup, LogGroup, LogStream } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { archivePrefix, errorPrefix } from '../contract/bucket-prefixes';
import type { ClickStream } from './click-stream';
import type { PrivateBucket } from './private-bucket';
import { policyOf } from './role-policy';
import type { Settings } from './settings';

export interface DeliveryStreamProps {
  readonly settings: Settings;
  readonly source: ClickStream;
  readonly transformer: IFunction;
  readonly bucket: PrivateBucket;
  /** Makes another format of the transformer's lines. @default gzip, which leaves the lines as they are */
  readonly conversion?: FormatConversion;
}

/** A conversion of lines of JSON into columns, which has a compression of its own. */
export interface FormatConversion {
  /** The conversion, by a role that may then read its schema. */
  bind(role: Role): CfnDeliveryStream.DataFormatConversionConfigurationProperty;
  /** What must be there before the delivery stream: Firehose looks for it. */
  readonly schema: CfnResource;
}

/**
 * Columns are worth it for large objects. Firehose converts from a buffer of at least 64 MiB and of 128 at most (Firehose
 * API: BufferingHints); what is not full goes at its age.
 */
const conversionBuffer = { mib: 128, leastSeconds: 60 };

// Arrival time in UTC, hive style, so that query engines prune it. `yyyy` is the calendar year; `YYYY`, the year of
// the week, is wrong around New Year.
const arrivalHour = 'year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/';

/** Firehose: stream → transformer → objects in the bucket, of gzip lines or of what a conversion makes of them. */
export class DeliveryStream extends Construct {
  readonly deliveryStreamName: string;
  /** Of what Firehose fails at. */
  readonly logGroup: ILogGroup;

  // The L1 construct, because the L2 gives its role more than Firehose asks for (deleting objects, consumer calls).
  constructor(scope: Construct, id: string, props: DeliveryStreamProps) {
    super(scope, id);
    const { settings, source, transformer, bucket, conversion } = props;
    // The trust policy that AWS documents (Allow Firehose to assume an IAM role), which has no condition.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('firehose.amazonaws.com') });
    source.grantConsume(role, [
      'kinesis:DescribeStream',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
    ]);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const logging = this.loggingFor(role);
    this.grantTransform(role, transformer);
    grantDeliver(role, bucket);

    const stream = new CfnDeliveryStream(this, 'Resource', {
      deliveryStreamType: 'KinesisStreamAsSource',
      kinesisStreamSourceConfiguration: { kinesisStreamArn: source.stream.streamArn, roleArn: role.roleArn },
      extendedS3DestinationConfiguration: {
        bucketArn: bucket.bucketArn,
        roleArn: role.roleArn,
        prefix: `${archivePrefix}${arrivalHour}`,
        errorOutputPrefix: `${errorPrefix}!{firehose:error-output-type}/${arrivalHour}`,
        bufferingHints: {
          intervalInSeconds: conversion
            ? Math.max(conversionBuffer.leastSeconds, settings.archiveBufferSeconds)
            : settings.archiveBufferSeconds,
          sizeInMBs: conversion ? conversionBuffer.mib : settings.archiveBufferMiB,
        },
        compressionFormat: conversion ? 'UNCOMPRESSED' : 'GZIP',
        ...(conversion && { dataFormatConversionConfiguration: conversion.bind(role) }),
        cloudWatchLoggingOptions: logging,
        processingConfiguration: {
          enabled: true,
          processors: [lambdaProcessor(transformer, role, settings)],
        },
        // By name in either case: an update that names none leaves the key of before in use.
        encryptionConfiguration: bucket.encryptionKey
          ? { kmsEncryptionConfig: { awskmsKeyArn: bucket.encryptionKey.keyArn } }
          : { noEncryptionConfig: 'NoEncryption' },
      },
    });
    // Firehose starts reading at once, and needs the role's policies by then.
    stream.addResourceDependency(policyOf(role));
    if (conversion) stream.addResourceDependency(conversion.schema);
    bucket.emptyAfter(stream);
    this.deliveryStreamName = stream.ref;

    Validations.of(stream).acknowledge({
      id: 'AwsSolutions-KDF1',
      reason:
        'Firehose refuses encryption of its own when it reads a Kinesis stream: it relies on the encryption of the ' +
        'stream, which is always on here.',
    });
  }

  private loggingFor(role: Role): CfnDeliveryStream.CloudWatchLoggingOptionsProperty {
    const { logGroup } = this;
    const logStream = new LogStream(this, 'LogStream', { logGroup, removalPolicy: RemovalPolicy.DESTROY });
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['logs:PutLogEvents'],
        resources: [
          Stack.of(this).formatArn({
            service: 'logs',
            resource: 'log-group',
            resourceName: `${logGroup.logGroupName}:log-stream:${logStream.logStreamName}`,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        ],
      }),
    );
    return { enabled: true, logGroupName: logGroup.logGroupName, logStreamName: logStream.logStreamName };
  }

  private grantTransform(role: Role, transformer: IFunction): void {
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction', 'lambda:GetFunctionConfiguration'],
        // Firehose names the version, $LATEST, in its calls (AWS docs: Grant Firehose access to Lambda).
        resources: [transformer.functionArn, `${transformer.functionArn}:$LATEST`],
      }),
    );
  }
}

/** AWS docs: Grant Firehose access to an Amazon S3 destination. */
function grantDeliver(role: Role, bucket: PrivateBucket): void {
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
      resources: [bucket.bucketArn],
    }),
  );
  for (const prefix of [archivePrefix, errorPrefix]) {
    bucket.grantObjects(role, ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'], prefix);
  }
  bucket.grantKey(role, ['kms:Decrypt', 'kms:GenerateDataKey']);
}

function lambdaProcessor(
  transformer: IFunction,
  role: Role,
  settings: Settings,
): CfnDeliveryStream.ProcessorProperty {
  const parameters = {
    LambdaArn: transformer.functionArn,
    RoleArn: role.roleArn,
    // A transformed batch is more than twice its raw size and must stay below 6 MB: 3, the most, would not.
    BufferSizeInMBs: '1',
    BufferIntervalInSeconds: String(settings.transformerBufferSeconds),
    // The most that AWS documents. What is still refused then, because Lambda throttles the function say, goes to the
    // error prefix with its valid events.
    NumberOfRetries: '8',
  };
  return {
    type: 'Lambda',
    parameters: Object.entries(parameters).map(([parameterName, parameterValue]) => ({
      parameterName,
      parameterValue,
    })),
  };
}
