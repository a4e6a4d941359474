import { Aws, Duration, Validations } from 'aws-cdk-lib';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ShardLevelMetrics, Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { dataRemovalPolicy } from './removal';
import type { Settings } from './settings';

export interface ClickStreamProps {
  readonly settings: Settings;
}

/** The stream that every application reads, and the customer's key if there is one. */
export class ClickStream extends Construct {
  readonly stream: Stream;
  /** Encrypts the stream and every bucket of the pipeline; undefined with AWS-managed encryption. */
  readonly key: Key | undefined;

  constructor(scope: Construct, id: string, { settings }: ClickStreamProps) {
    super(scope, id);
    const removalPolicy = dataRemovalPolicy(settings.stage);

    this.key =
      settings.encryption === 'customer-managed'
        ? new Key(this, 'Key', {
            description: `Click stream and archive of ${settings.name} ${settings.stage}`,
            enableKeyRotation: true,
            pendingWindow: Duration.days(7),
            removalPolicy,
          })
        : undefined;

    this.stream = new Stream(this, 'Stream', {
      ...(settings.streamMode === 'on-demand'
        ? { streamMode: StreamMode.ON_DEMAND }
        : { streamMode: StreamMode.PROVISIONED, shardCount: settings.shardCount }),
      retentionPeriod: Duration.hours(settings.streamRetentionHours),
      ...(this.key
        ? { encryption: StreamEncryption.KMS, encryptionKey: this.key }
        : { encryption: StreamEncryption.MANAGED }),
      ...(settings.shardLevelMetrics ? { shardLevelMetrics: [ShardLevelMetrics.ALL] } : {}),
      removalPolicy,
    });
    if (this.key) {
      Validations.of(this.stream).acknowledge({
        id: 'AwsSolutions-KDS3',
        reason: 'A customer-managed key was asked for; the rule is about the cost of its requests.',
      });
    }
  }

  /**
   * Lets a consumer read the stream with just the calls it makes. (`Stream.grantRead` also gives
   * `SubscribeToShard` and the consumer calls, which no consumer here uses.)
   */
  grantConsume(role: IRole, actions: readonly string[]): void {
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: [...actions], resources: [this.stream.streamArn] }),
    );
    if (this.key) {
      role.addToPrincipalPolicy(
        new PolicyStatement({
          actions: ['kms:Decrypt'],
          resources: [this.key.keyArn],
          conditions: { StringEquals: { 'kms:ViaService': `kinesis.${Aws.REGION}.amazonaws.com` } },
        }),
      );
    }
  }
}
