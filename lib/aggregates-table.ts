import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { AggregatesTable as Keys } from '../lambda/aggregator/contract';
import { dataRemovalPolicy } from './removal';
import type { Settings } from './settings';

export interface AggregatesTableProps {
  readonly settings: Settings;
}

/** The exact counters: one item holds many, so there is one table and no index. */
export class AggregatesTable extends Table {
  constructor(scope: Construct, id: string, { settings }: AggregatesTableProps) {
    super(scope, id, {
      partitionKey: { name: Keys.partitionKey, type: AttributeType.STRING },
      sortKey: { name: Keys.sortKey, type: AttributeType.STRING },
      timeToLiveAttribute: Keys.timeToLive,
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        recoveryPeriodInDays: settings.pointInTimeRecoveryDays,
      },
      deletionProtection: settings.deletionProtection,
      removalPolicy: dataRemovalPolicy(settings.stage),
    });
  }

  /** What telling duplicates takes: reading a shard's recent events, and adding to them. */
  grantRememberEvents(role: IRole): void {
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['dynamodb:PutItem', 'dynamodb:Query'],
        resources: [this.tableArn],
      }),
    );
  }

  /** What counting takes: conditional updates, and reading an item whose condition failed. */
  grantCount(role: IRole): void {
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
        resources: [this.tableArn],
      }),
    );
  }

  /** What counting distinct visitors takes besides: an item of sketches is put as a whole. */
  grantCountUniques(role: IRole): void {
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['dynamodb:PutItem'], resources: [this.tableArn] }),
    );
  }
}
