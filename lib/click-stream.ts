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

/** The customer's own key, one for the stream and every bucket of the pipeline. */
export interface CustomerKey {
  readonly key: Key;
  /**
   * Whether anything new is encrypted with it. If not, it is still granted: before, so that no reader or writer is
   * without it when encryption begins; after, because what was encrypted is still read.
   */
  readonly encrypts: boolean;
}

/** The stream that every application reads, and the customer's key if there is one. */
export class ClickStream extends Construct {
  readonly stream: Stream;
  /** Undefined with AWS-managed encryption. */
  readonly customerKey: CustomerKey | undefined;

  constructor(scope: Construct, id: string, { settings }: ClickStreamProps) {
    super(scope, id);
    const removalPolicy = dataRemovalPolicy(settings.stage);

    this.customerKey =
      settings.encryption === 'aws-managed'
        ? undefined
        : {
            key: new Key(this, 'Key', {
              description: `Click stream and archive of ${settings.name} ${settings.stage}`,
              enableKeyRotation: true,
              pendingWindow: Duration.days(7),
              removalPolicy,
            }),
            encrypts: settings.encryption === 'customer-managed',
          };

    this.stream = new Stream(this, 'Stream', {
      ...(settings.streamMode === 'on-demand'
        ? { streamMode: StreamMode.ON_DEMAND }
        : { streamMode: StreamMode.PROVISIONED, shardCount: settings.shardCount }),
      retentionPeriod: Duration.hours(settings.streamRetentionHours),
      ...(this.customerKey?.encrypts
        ? { encryption: StreamEncryption.KMS, encryptionKey: this.customerKey.key }
        : { encryption: StreamEncryption.MANAGED }),
      ...(settings.shardLevelMetrics ? { shardLevelMetrics: [ShardLevelMetrics.ALL] } : {}),
      removalPolicy,
    });
    if (this.customerKey?.encrypts) {
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
    this.grantKey(role, 'kms:Decrypt');
  }

  /** Lets a producer put records (AWS docs: Permissions to use user-generated KMS keys). */
  grantPut(role: IRole): void {
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['kinesis:PutRecords'], resources: [this.stream.streamArn] }),
    );
    this.grantKey(role, 'kms:GenerateDataKey');
  }

  private grantKey(role: IRole, action: string): void {
    if (!this.customerKey) return;
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [action],
        resources: [this.customerKey.key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `kinesis.${Aws.REGION}.amazonaws.com` } },
      }),
    );
  }
}
