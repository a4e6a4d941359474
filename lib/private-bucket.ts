import { Aws, Stack, Validations } from 'aws-cdk-lib';
import { type IRole, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';
import type { CustomerKey } from './click-stream';
import { dataRemovalPolicy } from './removal';
import type { Settings } from './settings';

export interface PrivateBucketProps {
  readonly settings: Settings;
  /** Undefined, or one that encrypts nothing: S3 encrypts the bucket with keys of its own. */
  readonly customerKey: CustomerKey | undefined;
  readonly lifecycleRules: LifecycleRule[];
  /** @default false */
  readonly versioned?: boolean;
}

/** A bucket that only this account reaches, over TLS only. In dev it empties itself when its stack is deleted. */
export class PrivateBucket extends Bucket {
  private readonly customerKey: CustomerKey | undefined;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      ...(props.customerKey?.encrypts
        ? { encryption: BucketEncryption.KMS, encryptionKey: props.customerKey.key, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      versioned: props.versioned ?? false,
      lifecycleRules: props.lifecycleRules,
      removalPolicy: dataRemovalPolicy(props.settings.stage),
      autoDeleteObjects: props.settings.stage === 'dev',
    });
    this.customerKey = props.customerKey;

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

    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${this.nameIn(role)}/${prefix}*]`,
      reason: `The rest of a key is made by the service that writes it; all of them start with ${prefix}.`,
    });
  }

  /** What a security rule calls the bucket's ARN in a policy, of a role say. */
  nameIn(policy: Construct): string {
    const stack = Stack.of(this);
    if (Stack.of(policy) === stack) return `<${stack.getLogicalId(this.node.defaultChild as CfnBucket)}.Arn>`;
    return Stack.of(policy).resolve(stack.exportValue(this.bucketArn))['Fn::ImportValue'];
  }

  /**
   * Lets a role use the customer's key for objects of this bucket, through S3 only. Does nothing where there is none.
   */
  grantKey(role: IRole, actions: readonly string[]): void {
    const statement = this.keyStatement(actions);
    if (statement) role.addToPrincipalPolicy(statement);
  }

  /** The use of the customer's key for objects of this bucket, through S3 only; undefined where there is none. */
  keyStatement(actions: readonly string[]): PolicyStatement | undefined {
    return (
      this.customerKey &&
      new PolicyStatement({
        actions: [...actions],
        resources: [this.customerKey.key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.amazonaws.com` } },
      })
    );
  }
}
