import { Aws, Stack, Validations } from 'aws-cdk-lib';
import { type IRole, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';
import { dataRemovalPolicy } from './removal';
import type { Settings } from './settings';

export interface PrivateBucketProps {
  readonly settings: Settings;
  /** @default the bucket is encrypted with keys that S3 manages */
  readonly encryptionKey: IKey | undefined;
  readonly lifecycleRules: LifecycleRule[];
  /** @default false */
  readonly versioned?: boolean;
}

/** A bucket that only this account reaches, over TLS only. In dev it empties itself when its stack is deleted. */
export class PrivateBucket extends Bucket {
  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      ...(props.encryptionKey
        ? { encryption: BucketEncryption.KMS, encryptionKey: props.encryptionKey, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      versioned: props.versioned ?? false,
      lifecycleRules: props.lifecycleRules,
      removalPolicy: dataRemovalPolicy(props.settings.stage),
      autoDeleteObjects: props.settings.stage === 'dev',
    });

    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'One service role writes, and nobody else has access by default. An account that audits reads turns on ' +
        'CloudTrail data events, which are complete and cover every bucket; access logs are best-effort and late.',
    });
  }

  /**
   * On deletion of the stack, lets `writer` go before the bucket is emptied: an object that it writes in between would
   * keep the bucket from being deleted.
   */
  emptyAfter(writer: IConstruct): void {
    const emptying = this.node.tryFindChild('AutoDeleteObjectsCustomResource');
    if (emptying) writer.node.addDependency(emptying);
  }

  /** Lets a role do `actions` with the objects whose keys start with `prefix`. */
  grantObjects(role: Role, actions: readonly string[], prefix: string): void {
    const resource = this.arnForObjects(`${prefix}*`);
    role.addToPrincipalPolicy(new PolicyStatement({ actions: [...actions], resources: [resource] }));

    const bucketId = Stack.of(this).getLogicalId(this.node.defaultChild as CfnBucket);
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/${prefix}*]`,
      reason: `The rest of a key is made by the service that writes it; all of them start with ${prefix}.`,
    });
  }

  /**
   * Lets a role use the customer's key for objects of this bucket, through S3 only. Does nothing when S3 manages the
   * keys.
   */
  grantKey(role: IRole, actions: readonly string[]): void {
    if (!this.encryptionKey) return;
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [...actions],
        resources: [this.encryptionKey.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.amazonaws.com` } },
      }),
    );
  }
}
