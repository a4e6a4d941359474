import type {
  DeliveryStreamDescription,
  DestinationDescription,
  ExtendedS3DestinationDescription,
  ProcessorParameterName,
  S3DestinationDescription,
} from '@aws-sdk/client-firehose';
import type { DeliveryStreamSpec, DestinationSpec } from '../deployment';

/** As the API's JSON has it: instants are epoch seconds. */
type Wire<T> = T extends Date ? number : T extends object ? { [K in keyof T]: Wire<T[K]> } : T;

export interface DescribedStream {
  readonly spec: DeliveryStreamSpec;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** What `DescribeDeliveryStream` answers for a delivery stream of the laptop, which is always active. */
export function describeDeliveryStream({
  spec,
  createdAt,
}: DescribedStream): Wire<DeliveryStreamDescription> {
  const extended = extendedDestination(spec);
  const {
    ProcessingConfiguration: _processing,
    S3BackupMode: _backup,
    FileExtension: _extension,
    CustomTimeZone: _zone,
    ...plain
  } = extended;
  return {
    DeliveryStreamName: spec.name,
    DeliveryStreamARN: spec.arn,
    DeliveryStreamStatus: 'ACTIVE',
    DeliveryStreamEncryptionConfiguration: { Status: 'DISABLED' },
    DeliveryStreamType: 'KinesisStreamAsSource',
    VersionId: '1',
    CreateTimestamp: createdAt / 1000,
    Source: {
      KinesisStreamSourceDescription: {
        KinesisStreamARN: spec.sourceStreamArn,
        RoleARN: roleArn(spec),
        DeliveryStartTimestamp: createdAt / 1000,
      },
    },
    Destinations: [
      {
        DestinationId: 'destinationId-000000000001',
        ...(spec.destination
          ? otherDestination(spec, spec.destination, plain)
          : { S3DestinationDescription: plain, ExtendedS3DestinationDescription: extended }),
      },
    ],
    HasMoreDestinations: false,
  };
}

export function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}

// No role is assumed on the laptop, but the API always names one.
function roleArn(spec: DeliveryStreamSpec): string {
  return `arn:aws:iam::${accountOf(spec.arn)}:role/${spec.name}`;
}

/** Without addresses, which are in the place of what the template says. */
function otherDestination(
  spec: DeliveryStreamSpec,
  destination: DestinationSpec,
  backup: S3DestinationDescription,
): Wire<Partial<DestinationDescription>> {
  const common = {
    RetryOptions: { DurationInSeconds: destination.retrySeconds },
    BufferingHints: {
      SizeInMBs: destination.bufferSizeMiB,
      IntervalInSeconds: destination.bufferIntervalSeconds,
    },
    ProcessingConfiguration: processing(spec),
    CloudWatchLoggingOptions: { Enabled: false },
    S3DestinationDescription: backup,
  };
  switch (destination.kind) {
    case 'http-endpoint':
      return {
        HttpEndpointDestinationDescription: {
          ...common,
          RequestConfiguration: { ContentEncoding: destination.compresses ? 'GZIP' : 'NONE' },
          S3BackupMode: 'FailedDataOnly',
        },
      };
    case 'splunk':
      return {
        SplunkDestinationDescription: {
          ...common,
          HECEndpointType: destination.endpoint === 'raw' ? 'Raw' : 'Event',
          HECAcknowledgmentTimeoutInSeconds: destination.acknowledgementSeconds,
          S3BackupMode: 'FailedEventsOnly',
        },
      };
    case 'opensearch':
      return {
        AmazonopensearchserviceDestinationDescription: {
          ...common,
          IndexName: destination.index,
          IndexRotationPeriod: destination.rotation,
          S3BackupMode: 'FailedDocumentsOnly',
        },
      };
  }
}

function extendedDestination(spec: DeliveryStreamSpec): ExtendedS3DestinationDescription {
  return {
    RoleARN: roleArn(spec),
    BucketARN: `arn:aws:s3:::${spec.bucket}`,
    Prefix: spec.prefix,
    ErrorOutputPrefix: spec.errorOutputPrefix,
    BufferingHints: { SizeInMBs: spec.bufferSizeMiB, IntervalInSeconds: spec.bufferIntervalSeconds },
    CompressionFormat: spec.compression,
    EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
    CloudWatchLoggingOptions: { Enabled: false },
    ProcessingConfiguration: processing(spec),
    S3BackupMode: 'Disabled',
    ...(spec.fileExtension !== undefined && { FileExtension: spec.fileExtension }),
    CustomTimeZone: spec.timeZone,
  };
}

function processing(spec: DeliveryStreamSpec) {
  const { processor } = spec;
  if (!processor) return { Enabled: false, Processors: [] };
  const parameter = (ParameterName: ProcessorParameterName, value: string | number) => ({
    ParameterName,
    ParameterValue: String(value),
  });
  return {
    Enabled: true,
    Processors: [
      {
        Type: 'Lambda' as const,
        Parameters: [
          parameter('LambdaArn', processor.functionArn),
          parameter('NumberOfRetries', processor.retries),
          parameter('RoleArn', roleArn(spec)),
          parameter('BufferSizeInMBs', processor.bufferSizeMiB),
          parameter('BufferIntervalInSeconds', processor.bufferIntervalSeconds),
        ],
      },
    ],
  };
}
