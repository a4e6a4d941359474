import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { AnomaliesEnvironment } from '../../lambda/anomalies/contract';
import type { AggregatesTable } from '../aggregates-table';
import { BundledFunction, type EnvironmentOf } from '../bundled-function';
import { invokeOnSchedule } from '../invoke-on-schedule';
import type { Settings } from '../settings';

export interface AnomalyDetectorProps {
  readonly settings: Settings;
  readonly table: AggregatesTable;
}

/** An hour is judged once it is counted whole; this is how long that goes unnoticed. */
const interval = Duration.minutes(15);

/** Says on a schedule how unusual the latest hour is. It reads the table, and keeps nothing. */
export class AnomalyDetector extends Construct {
  readonly function: IFunction;
  readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, { settings, table }: AnomalyDetectorProps) {
    super(scope, id);
    const bundled = new BundledFunction(this, 'Handler', {
      description: 'Compares the latest hour of clicks with the weeks before',
      entry: join(__dirname, '../../lambda/anomalies/handler.ts'),
      // A week of hours at a time; the rest is arithmetic, by the share of a vCPU that goes with it.
      memorySize: 1_024,
      timeout: Duration.minutes(2),
      reservedConcurrency: 0,
      environment: {
        [AnomaliesEnvironment.tableName]: table.tableName,
        [AnomaliesEnvironment.compactionSeconds]: String(settings.compactionSeconds),
        [AnomaliesEnvironment.hourRetentionDays]: String(settings.hourRetentionDays),
        [AnomaliesEnvironment.uniqueVisitors]: settings.uniqueVisitors,
      } satisfies EnvironmentOf<typeof AnomaliesEnvironment>,
      settings,
    });
    this.function = bundled.function;
    this.logGroup = bundled.logGroup;
    table.grantQuery(bundled.role);
    invokeOnSchedule(this, bundled.function, {
      description: 'Judges the latest hour of clicks',
      interval,
      input: {},
    });
  }
}
