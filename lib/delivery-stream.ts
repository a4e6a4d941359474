import { type CfnResource, Validations } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { archivePrefix, errorPrefix } from '../contract/bucket-prefixes';
import type { ClickStream } from './click-stream';
import {
  arrivalHour,
  deliveryLogs,
  deliveryRole,
  encryptedBySource,
  encryptionOf,
  grantDeliver,
  transformBy,
} from './delivery-parts';
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

/** Firehose: stream → transformer → objects in the bucket, of gzip lines or of what a conversion makes of them. */
export class DeliveryStream extends Construct {
  readonly deliveryStreamName: string;
  /** Of what Firehose fails at. */
  readonly logGroup: ILogGroup;

  // The L1 construct, because the L2 gives its role more than Firehose asks for (deleting objects, consumer calls).
  constructor(scope: Construct, id: string, props: DeliveryStreamProps) {
    super(scope, id);
    const { settings, source, transformer, bucket, conversion } = props;
    const role = deliveryRole(this, source);
    const logs = deliveryLogs(this, role, settings);
    const processing = transformBy(transformer, role, settings);
    grantDeliver(role, bucket, [archivePrefix, errorPrefix]);
    this.logGroup = logs.logGroup;

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
        cloudWatchLoggingOptions: logs.options,
        processingConfiguration: processing,
        encryptionConfiguration: encryptionOf(bucket),
      },
    });
    // Firehose starts reading at once, and needs the role's policies by then.
    stream.addResourceDependency(policyOf(role));
    if (conversion) stream.addResourceDependency(conversion.schema);
    bucket.emptyAfter(stream);
    this.deliveryStreamName = stream.ref;
    Validations.of(stream).acknowledge(encryptedBySource);
  }
}
