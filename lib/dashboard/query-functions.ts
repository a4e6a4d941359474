import { join } from 'node:path';
import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { pipelineName } from '../../contract/stack-outputs';
import { retentionDaysOf } from '../../domain/counters/retention';
import { HealthEnvironment, QueryEnvironment } from '../../lambda/query/contract';
import type { AggregatesTable } from '../aggregates-table';
import { alarmArn } from '../alarms/alarms';
import { BundledFunction, type EnvironmentOf } from '../bundled-function';
import type { OnFailureBucket } from '../on-failure-bucket';
import type { Settings } from '../settings';

export interface QueryFunctionsProps {
  readonly settings: Settings;
  readonly table: AggregatesTable;
  readonly onFailure: OnFailureBucket;
}

// An HTTP API waits for 30 seconds.
const timeoutSeconds = 29;

/**
 * What answers the query API: one function reads the table, and another one answers for the pipeline's health. Its
 * instances each ask CloudWatch once a minute, so that they have to be few: a page asks for a dozen answers at once, which
 * take as many instances, and for its health once, which takes one.
 */
export class QueryFunctions extends Construct {
  readonly queries: BundledFunction;
  readonly health: BundledFunction;
  readonly timeoutSeconds = timeoutSeconds;

  constructor(scope: Construct, id: string, { settings, table, onFailure }: QueryFunctionsProps) {
    super(scope, id);
    const shared = {
      memorySize: 1_024,
      timeout: Duration.seconds(timeoutSeconds),
      reservedConcurrency: 0,
      settings,
    };
    const environment = {
      [QueryEnvironment.tableName]: table.tableName,
      [QueryEnvironment.pipeline]: pipelineName(settings),
      [QueryEnvironment.uniqueVisitors]: settings.uniqueVisitors,
      [QueryEnvironment.retentionDays]: Object.values(retentionDaysOf(settings)).join(','),
    } satisfies EnvironmentOf<typeof QueryEnvironment>;
    this.queries = new BundledFunction(this, 'Handler', {
      ...shared,
      description: 'Answers the dashboard from the aggregates table',
      entry: join(__dirname, '../../lambda/query/handler.ts'),
      environment,
    });
    this.health = new BundledFunction(this, 'Health', {
      ...shared,
      description: "Tells the dashboard of the pipeline's health",
      entry: join(__dirname, '../../lambda/query/health-handler.ts'),
      environment: {
        ...environment,
        [HealthEnvironment.onFailureBucket]: onFailure.bucketName,
      } satisfies EnvironmentOf<typeof HealthEnvironment>,
    });
    for (const { role } of [this.queries, this.health]) table.grantQuery(role);
    this.grantWatch(onFailure);
  }

  /** Alarms, two metrics, and how many batches were given up: nothing of what any of them holds. */
  private grantWatch(onFailure: OnFailureBucket): void {
    const { role } = this.health;
    // A list of alarms by what their names begin with is a list of all alarms to IAM: a narrower ARN is refused
    // (github.com/mattclay/aws-terminator/pull/63). GetMetricData has no resource and no condition key at all (Service
    // Authorization Reference: Amazon CloudWatch): it reads the numbers of any metric of the account.
    const allAlarms = alarmArn(this, '*');
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: [allAlarms] }),
    );
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }),
    );
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [onFailure.bucketArn] }),
    );
    for (const resource of ['*', 'arn:<AWS::Partition>:cloudwatch:<AWS::Region>:<AWS::AccountId>:alarm:*']) {
      Validations.of(role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${resource}]`,
        reason: 'CloudWatch lets alarms be listed, and metrics be read, altogether or not at all.',
      });
    }
  }
}
