import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { type ILogGroup, LogGroup, LogStream } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { ClickStream } from './click-stream';
import type { PrivateBucket } from './private-bucket';
import type { Settings } from './settings';

// Arrival time in UTC, hive style, so that query engines prune it. `yyyy` is the calendar year; `YYYY`, the year of
// the week, is wrong around New Year.
export const arrivalHour =
  'year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/';

/** The role of a delivery stream that reads the stream. */
export function deliveryRole(scope: Construct, source: ClickStream): Role {
  // The trust policy that AWS documents (Allow Firehose to assume an IAM role), which has no condition.
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('firehose.amazonaws.com') });
  source.grantConsume(role, [
    'kinesis:DescribeStream',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:ListShards',
  ]);
  return role;
}

/** A log group for what a delivery stream fails at, which its role may write to. */
export function deliveryLogs(
  scope: Construct,
  role: Role,
  settings: Settings,
): { readonly logGroup: ILogGroup; readonly options: CfnDeliveryStream.CloudWatchLoggingOptionsProperty } {
  const logGroup = new LogGroup(scope, 'Logs', {
    retention: settings.logRetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const logStream = new LogStream(scope, 'LogStream', { logGroup, removalPolicy: RemovalPolicy.DESTROY });
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['logs:PutLogEvents'],
      resources: [
        Stack.of(scope).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: `${logGroup.logGroupName}:log-stream:${logStream.logStreamName}`,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
    }),
  );
  const { logGroupName } = logGroup;
  return { logGroup, options: { enabled: true, logGroupName, logStreamName: logStream.logStreamName } };
}

/** Lets the role call a transformer, and has a delivery stream call it. */
export function transformBy(
  transformer: IFunction,
  role: Role,
  settings: Settings,
): CfnDeliveryStream.ProcessingConfigurationProperty {
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['lambda:InvokeFunction', 'lambda:GetFunctionConfiguration'],
      // Firehose names the version, $LATEST, in its calls (AWS docs: Grant Firehose access to Lambda).
      resources: [transformer.functionArn, `${transformer.functionArn}:$LATEST`],
    }),
  );
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
    enabled: true,
    processors: [
      {
        type: 'Lambda',
        parameters: Object.entries(parameters).map(([parameterName, parameterValue]) => ({
          parameterName,
          parameterValue,
        })),
      },
    ],
  };
}

/** Lets the role write below prefixes of a bucket (AWS docs: Grant Firehose access to an Amazon S3 destination). */
export function grantDeliver(role: Role, bucket: PrivateBucket, prefixes: readonly string[]): void {
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
      resources: [bucket.bucketArn],
    }),
  );
  for (const prefix of prefixes) {
    bucket.grantObjects(role, ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'], prefix);
  }
  bucket.grantKey(role, ['kms:Decrypt', 'kms:GenerateDataKey']);
}

/** By name in either case: an update that names none leaves the key of before in use. */
export function encryptionOf(bucket: PrivateBucket): CfnDeliveryStream.EncryptionConfigurationProperty {
  return bucket.encryptionKey
    ? { kmsEncryptionConfig: { awskmsKeyArn: bucket.encryptionKey.keyArn } }
    : { noEncryptionConfig: 'NoEncryption' };
}

export const encryptedBySource = {
  id: 'AwsSolutions-KDF1',
  reason:
    'Firehose refuses encryption of its own when it reads a Kinesis stream: it relies on the encryption of the ' +
    'stream, which is always on here.',
} as const;
