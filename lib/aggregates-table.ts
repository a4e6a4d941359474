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

  /** For appending to the log. The role may write entries, deltas and ids, and no items: those are the compactor's. */
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

  /** For reports: entries, logs and items, each by a query. */
  grantQuery(role: IRole): void {
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['dynamodb:Query'], resources: [this.tableArn] }),
    );
  }

  /** For compaction: it reads the logs, puts items, and writes into the entries how far it has come. */
  grantCompact(role: IRole): void {
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
        resources: [this.tableArn],
      }),
    );
  }
}
