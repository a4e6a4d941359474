import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import {
  EventSourceMapping,
  type IEventSourceMapping,
  type IFunction,
  MetricType,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { AggregatorEnvironment } from '../lambda/aggregator/contract';
import type { AggregatesTable } from './aggregates-table';
import { BundledFunction, type EnvironmentOf } from './bundled-function';
import type { ClickStream } from './click-stream';
import type { OnFailureBucket } from './on-failure-bucket';
import { policyOf } from './role-policy';
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
    onFailure.grantDeliver(bundled.role);
    // What a mapping calls on the function's role (AWS docs: Process Kinesis records with Lambda).
    source.grantConsume(bundled.role, [
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
    ]);

    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: bundled.function,
      eventSourceArn: source.stream.streamArn,
      // Not LATEST: a mapping takes minutes to start, and would miss what arrives meanwhile.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: settings.batchSize,
      maxBatchingWindow: Duration.seconds(settings.batchingWindowSeconds),
      // Order within a shard is what exactness rests on; see ShardOrderCheck. Scale with shards.
      parallelizationFactor: 1,
      reportBatchItemFailures: true,
      // A batch that throws is narrowed down to the record that does it, so that only this one is given up.
      bisectBatchOnError: true,
      retryAttempts: settings.retryAttempts,
      maxRecordAge: Duration.seconds(settings.maxRecordAgeSeconds),
      onFailure: onFailure.destination,
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });
    // Creating a mapping fails if the role may not read the stream yet.
    mapping.node.addDependency(policyOf(bundled.role));
    onFailure.emptyAfter(mapping);
    this.mapping = mapping;
  }
}
