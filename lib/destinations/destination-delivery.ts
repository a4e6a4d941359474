import { Aws, Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { undeliveredPrefix } from '../../contract/bucket-prefixes';
import type { ArchiveBucket } from '../archive-bucket';
import type { ClickStream } from '../click-stream';
import {
  arrivalHour,
  deliveryLogs,
  deliveryRole,
  encryptedBySource,
  encryptionOf,
  grantDeliver,
  transformBy,
} from '../delivery-parts';
import { PrivateBucket } from '../private-bucket';
import { policyOf } from '../role-policy';
import type { Settings } from '../settings';
import { bufferingHints, type DeliveryPlan } from './delivery-plan';

export interface DestinationDeliveryProps {
  readonly settings: Settings;
  readonly source: ClickStream;
  readonly forwarder: IFunction;
  readonly plan: DeliveryPlan;
  /** Keeps what could not be delivered. */
  readonly archive: ArchiveBucket;
}

/** What Redshift copies, below a prefix of its bucket. */
const stagedPrefix = 'staged/';

/** Firehose: stream → forwarder → the destination, and into the archive bucket what that does not take. */
export class DestinationDelivery extends Construct {
  readonly deliveryStreamName: string;
  readonly roleArn: string;
  /** Of what Firehose fails at. */
  readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, props: DestinationDeliveryProps) {
    super(scope, id);
    const { settings, source, forwarder, plan, archive } = props;
    const role = deliveryRole(this, source);
    const logs = deliveryLogs(this, role, settings);
    const processing = transformBy(forwarder, role, settings);
    grantSecret(role, settings);
    for (const statement of plan.statements(settings)) grantDestination(role, statement);
    const staging = settings.destination === 'redshift' ? this.stagingBucket(props) : undefined;
    if (staging) grantDeliver(role, staging, ['']);
    else grantDeliver(role, archive, [undeliveredPrefix]);
    const bucket = staging ?? archive;
    this.logGroup = logs.logGroup;
    this.roleArn = role.roleArn;

    const stream = new CfnDeliveryStream(this, 'Resource', {
      deliveryStreamType: 'KinesisStreamAsSource',
      kinesisStreamSourceConfiguration: { kinesisStreamArn: source.stream.streamArn, roleArn: role.roleArn },
      ...plan.configure(settings, {
        roleArn: role.roleArn,
        cloudWatchLoggingOptions: logs.options,
        processingConfiguration: processing,
        s3Configuration: {
          bucketArn: bucket.bucketArn,
          roleArn: role.roleArn,
          prefix: `${staging ? stagedPrefix : undeliveredPrefix}${arrivalHour}`,
          errorOutputPrefix: `${undeliveredPrefix}!{firehose:error-output-type}/${arrivalHour}`,
          bufferingHints: bufferingHints(settings),
          compressionFormat: 'GZIP',
          encryptionConfiguration: encryptionOf(bucket),
          cloudWatchLoggingOptions: logs.options,
        },
      }),
    });
    // Firehose starts reading at once, and needs the role's policies by then.
    stream.addResourceDependency(policyOf(role));
    staging?.emptyAfter(stream);
    this.deliveryStreamName = stream.ref;
    Validations.of(stream).acknowledge(encryptedBySource);
  }

  /** Firehose chooses keys in it by itself, for the manifests of what it could not copy. */
  private stagingBucket({ settings, source }: DestinationDeliveryProps): PrivateBucket {
    return new PrivateBucket(this, 'Staging', {
      settings,
      customerKey: source.customerKey,
      lifecycleRules: [
        {
          id: 'expire',
          expiration: Duration.days(settings.onFailureExpiryDays),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
  }
}

function grantDestination(role: Role, statement: PolicyStatement): void {
  role.addToPrincipalPolicy(statement);
  for (const resource of statement.resources.filter((name) => name.includes('*'))) {
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${resource}]`,
      reason:
        'The destination is one that a setting names; what Firehose calls below it, AWS documents with wildcards.',
    });
  }
}

/** AWS docs: Authenticate with AWS Secrets Manager in Amazon Data Firehose. */
function grantSecret(role: Role, { destinationSecretArn, destinationSecretKeyArn }: Settings): void {
  if (destinationSecretArn === '') return;
  role.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [destinationSecretArn] }),
  );
  if (destinationSecretKeyArn === '') return;
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [destinationSecretKeyArn],
      conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${Aws.REGION}.amazonaws.com` } },
    }),
  );
}
