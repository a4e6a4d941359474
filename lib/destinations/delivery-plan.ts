import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnDeliveryStream, CfnDeliveryStreamProps } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { EventForm } from '../../lambda/forwarder/contract';
import type { Settings } from '../settings';

/** What all destinations have in common. */
export interface CommonConfiguration {
  readonly roleArn: string;
  readonly cloudWatchLoggingOptions: CfnDeliveryStream.CloudWatchLoggingOptionsProperty;
  readonly processingConfiguration: CfnDeliveryStream.ProcessingConfigurationProperty;
  /** Where what failed goes; of Redshift, where it copies from. */
  readonly s3Configuration: CfnDeliveryStream.S3DestinationConfigurationProperty;
}

/** How one kind of destination is delivered to. */
export interface DeliveryPlan {
  readonly eventForm: EventForm;
  /** Of its metrics: `DeliveryTo<name>.Success` (AWS docs: Monitor Amazon Data Firehose with CloudWatch metrics). */
  readonly metricName: string;
  /** What the role needs beside the stream, the bucket, the secret and the log. */
  readonly statements: (settings: Settings) => readonly PolicyStatement[];
  readonly configure: (settings: Settings, common: CommonConfiguration) => Partial<CfnDeliveryStreamProps>;
}

/** MiB of a request: what most receivers take at once, and below every destination's limit. */
const bufferMiB = 4;

export function bufferingHints(settings: Settings): CfnDeliveryStream.BufferingHintsProperty {
  return { intervalInSeconds: settings.destinationBufferSeconds, sizeInMBs: bufferMiB };
}

export function retryOptions(settings: Settings): CfnDeliveryStream.RetryOptionsProperty {
  return { durationInSeconds: settings.destinationRetrySeconds };
}

/** The secret, by name even if there is none: what an update leaves out may stay as it was. */
export function secretOf(
  settings: Settings,
  { roleArn }: CommonConfiguration,
): CfnDeliveryStream.SecretsManagerConfigurationProperty {
  const { destinationSecretArn: secretArn } = settings;
  return secretArn === '' ? { enabled: false } : { enabled: true, secretArn, roleArn };
}
