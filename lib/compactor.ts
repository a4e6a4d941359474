import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { CompactionRequest } from '../domain/counters/compaction-request';
import { windowSizes } from '../domain/counters/window';
import { CompactorEnvironment, retentionVariable } from '../lambda/compactor/contract';
import type { AggregatesTable } from './aggregates-table';
import { BundledFunction, type EnvironmentOf } from './bundled-function';
import { invokeOnSchedule } from './invoke-on-schedule';
import type { Settings } from './settings';

export interface CompactorProps {
  readonly settings: Settings;
  readonly table: AggregatesTable;
}

/** How often the compactor looks at the logs: the age at which a delta is folded is decided by `compactionSeconds`. */
const interval = Duration.minutes(1);

/**
 * Folds the logs of all shards into the table's items, on a schedule, so that closed and idle shards are compacted, too.
 * Two invocations at once are harmless, so no concurrency has to be reserved.
 */
export class Compactor extends Construct {
  readonly function: IFunction;
  readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, { settings, table }: CompactorProps) {
    super(scope, id);
    const bundled = new BundledFunction(this, 'Handler', {
      description: 'Folds the logs of the aggregates table into its items',
      entry: join(__dirname, '../lambda/compactor/handler.ts'),
      memorySize: settings.compactorMemoryMiB,
      timeout: Duration.seconds(settings.compactorTimeoutSeconds),
      reservedConcurrency: 0,
      environment: {
        [CompactorEnvironment.tableName]: table.tableName,
        [CompactorEnvironment.compactionSeconds]: String(settings.compactionSeconds),
        [CompactorEnvironment.logDays]: String(settings.logDays),
        ...Object.fromEntries(
          windowSizes.map((size) => [retentionVariable(size), String(settings[`${size}RetentionDays`])]),
        ),
      } satisfies EnvironmentOf<typeof CompactorEnvironment>,
      settings,
    });
    this.function = bundled.function;
    this.logGroup = bundled.logGroup;
    table.grantCompact(bundled.role);

    const request: CompactionRequest = {};
    invokeOnSchedule(this, bundled.function, {
      description: 'Compacts the logs of the aggregates table',
      interval,
      input: request,
    });
  }
}
