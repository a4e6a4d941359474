import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IEventSourceDlq } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { onFailurePrefix } from '../contract/bucket-prefixes';
import type { CustomerKey } from './click-stream';
import { PrivateBucket } from './private-bucket';
import type { Settings } from './settings';

export interface OnFailureBucketProps {
  readonly settings: Settings;
  readonly customerKey: CustomerKey | undefined;
}

/** Batches that the aggregator gave up on, each an object with its payload. They expire: the archive has the clicks. */
export class OnFailureBucket extends PrivateBucket {
  /** This bucket as an event source mapping's destination. */
  readonly destination: IEventSourceDlq = { bind: () => ({ destination: this.bucketArn }) };

  constructor(scope: Construct, id: string, { settings, customerKey }: OnFailureBucketProps) {
    super(scope, id, {
      settings,
      customerKey,
      lifecycleRules: [
        {
          id: 'expire',
          expiration: Duration.days(settings.onFailureExpiryDays),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
    });
  }

  /**
   * What Lambda needs on the function's role to write here (AWS docs: Retaining records of discarded batches). CDK's
   * own `S3OnFailureDestination` would let the function read and delete as well.
   */
  grantDeliver(role: Role): void {
    this.grantObjects(role, ['s3:PutObject'], onFailurePrefix);
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucketArn] }),
    );
    this.grantKey(role, ['kms:GenerateDataKey']);
  }
}
