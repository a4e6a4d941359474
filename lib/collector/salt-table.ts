import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { SaltAttributes } from '../../lambda/collector/contract';

/** The salts that visitors' ids are made with: one a day, gone when it is over. Nothing of them may outlive that. */
export class SaltTable extends Table {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      partitionKey: { name: SaltAttributes.day, type: AttributeType.STRING },
      timeToLiveAttribute: SaltAttributes.timeToLive,
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-DDB3',
      reason: 'A backup would keep the salts, with which visitors could be told from hashes of long ago.',
    });
  }

  /** For making the salt of the day, and removing those of before. */
  grantUse(role: IRole): void {
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Scan'],
        resources: [this.tableArn],
      }),
    );
  }
}
