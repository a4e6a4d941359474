import { Validations } from 'aws-cdk-lib';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { archivePrefix, errorPrefix } from '../contract/bucket-prefixes';
import type { ArchiveBucket } from './archive-bucket';
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
import { policyOf } from './role-policy';
import type { Settings } from './settings';

export interface DeliveryStreamProps {
  readonly settings: Settings;
  readonly source: ClickStream;
  readonly transformer: IFunction;
  readonly bucket: ArchiveBucket;
}

/** Firehose: stream → transformer → gzip objects in the bucket. */
export class DeliveryStream extends Construct {
  readonly deliveryStreamName: string;
  /** Of what Firehose fails at. */
  readonly logGroup: ILogGroup;

  // The L1 construct, because the L2 gives its role more than Firehose asks for (deleting objects, consumer calls).
  constructor(scope: Construct, id: string, { settings, source, transformer, bucket }: DeliveryStreamProps) {
    super(scope, id);
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
          intervalInSeconds: settings.archiveBufferSeconds,
          sizeInMBs: settings.archiveBufferMiB,
        },
        compressionFormat: 'GZIP',
        cloudWatchLoggingOptions: logs.options,
        processingConfiguration: processing,
        encryptionConfiguration: encryptionOf(bucket),
      },
    });
    // Firehose starts reading at once, and needs the role's policies by then.
    stream.addResourceDependency(policyOf(role));
    bucket.emptyAfter(stream);
    this.deliveryStreamName = stream.ref;
    Validations.of(stream).acknowledge(encryptedBySource);
  }
}
