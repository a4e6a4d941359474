import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { aggregatorPartitions, TableAttributes as Keys } from '../domain/counters/table-layout';
import { dataRemovalPolicy } from './removal';
import type { Settings } from './settings';

export interface AggregatesTableProps {
  readonly settings: Settings;
}

/** The exact counters: a log of deltas for each shard, and the items that it is folded into. */
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

  /**
   * What appending to the log takes. Written are entries, deltas and ids alone: that items are compaction's is not left to
   * the code.
   */
  grantAppend(role: IRole, removesDuplicates: boolean): void {
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [
          'dynamodb:GetItem',
          'dynamodb:PutItem',
          'dynamodb:Query',
          'dynamodb:UpdateItem',
          ...(removesDuplicates ? ['dynamodb:BatchGetItem'] : []),
        ],
        resources: [this.tableArn],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...aggregatorPartitions] } },
      }),
    );
  }

  /** What compaction takes: reading the logs, putting items, and noting in the entries how far it has come. */
  grantCompact(role: IRole): void {
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
        resources: [this.tableArn],
      }),
    );
  }
}
