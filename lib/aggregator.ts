import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import type { IEventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { AggregatorEnvironment } from '../lambda/aggregator/contract';
import type { AggregatesTable } from './aggregates-table';
import { BundledFunction, type EnvironmentOf } from './bundled-function';
import type { ClickStream } from './click-stream';
import type { OnFailureBucket } from './on-failure-bucket';
import { orderedMapping } from './ordered-mapping';
import type { Settings } from './settings';

export interface AggregatorProps {
  readonly settings: Settings;
  readonly source: ClickStream;
  readonly table: AggregatesTable;
  readonly onFailure: OnFailureBucket;
}

/** Reads the stream in order and appends what it counts to the table's logs. */
export class Aggregator extends Construct {
  readonly function: IFunction;
  readonly logGroup: ILogGroup;
  readonly mapping: IEventSourceMapping;

  constructor(scope: Construct, id: string, { settings, source, table, onFailure }: AggregatorProps) {
    super(scope, id);
    const bundled = new BundledFunction(this, 'Handler', {
      description: 'Appends what each batch counts to the log of its shard',
      entry: join(__dirname, '../lambda/aggregator/handler.ts'),
      memorySize: settings.aggregatorMemoryMiB,
      timeout: Duration.seconds(settings.aggregatorTimeoutSeconds),
      reservedConcurrency: settings.aggregatorReservedConcurrency,
      environment: {
        [AggregatorEnvironment.tableName]: table.tableName,
        [AggregatorEnvironment.deduplicationSeconds]: String(settings.deduplicationSeconds),
        [AggregatorEnvironment.uniqueVisitors]: settings.uniqueVisitors,
        [AggregatorEnvironment.minutesForDays]: String(settings.minutesForDays),
        [AggregatorEnvironment.logDays]: String(settings.logDays),
      } satisfies EnvironmentOf<typeof AggregatorEnvironment>,
      settings,
    });
    this.function = bundled.function;
    this.logGroup = bundled.logGroup;

    table.grantAppend(bundled.role, settings.deduplicationSeconds > 0);
    this.mapping = orderedMapping(this, 'Mapping', { settings, source, target: bundled, onFailure });
  }
}
