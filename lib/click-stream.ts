import { Aws, Duration, Fn, Validations } from 'aws-cdk-lib';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ShardLevelMetrics, Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { dataRemovalPolicy } from './removal';
import type { Settings } from './settings';

export interface ClickStreamProps {
  readonly settings: Settings;
  /** A stream whose key this one shares. @default it has a key of its own, if the settings ask for one */
  readonly beside?: ClickStream;
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

/** A stream, and the customer's key if there is one. */
export class ClickStream extends Construct {
  readonly stream: Stream;
  /** Undefined with AWS-managed encryption. */
  readonly customerKey: CustomerKey | undefined;

  constructor(scope: Construct, id: string, { settings, beside }: ClickStreamProps) {
    super(scope, id);
    const removalPolicy = dataRemovalPolicy(settings.stage);

    this.customerKey = beside ? beside.customerKey : this.newKey(settings);

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

  /** From the ARN, which the stream's stack exports whoever reads it. */
  get exportedName(): string {
    return Fn.select(1, Fn.split('/', this.stream.streamArn));
  }

  private newKey(settings: Settings): CustomerKey | undefined {
    if (settings.encryption === 'aws-managed') return undefined;
    const key = new Key(this, 'Key', {
      description: `Click stream and archive of ${settings.name} ${settings.stage}`,
      enableKeyRotation: true,
      pendingWindow: Duration.days(7),
      removalPolicy: dataRemovalPolicy(settings.stage),
    });
    return { key, encrypts: settings.encryption === 'customer-managed' };
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

  /**
   * Lets a producer put records (AWS docs: Permissions to use user-generated KMS keys).
   *
   * @param calls what it calls for that
   */
  grantPut(role: IRole, calls: readonly string[] = ['kinesis:PutRecords']): void {
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: [...calls], resources: [this.stream.streamArn] }),
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
