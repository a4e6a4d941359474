import type { App } from 'aws-cdk-lib';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { AggregationSettings } from '../contract/aggregation-settings';
import { StackOutputs as names, type OutputName } from '../contract/stack-outputs';
import { byRetentionSetting } from '../domain/counters/retention';
import { AggregatesTable } from './aggregates-table';
import { Aggregator } from './aggregator';
import { aggregationAlarms } from './alarms/aggregation-alarms';
import { containAutoDelete } from './auto-delete';
import type { ClickStream } from './click-stream';
import { Compactor } from './compactor';
import { functionQueries, LogQueries, type LogQuery } from './log-queries';
import { OnFailureBucket } from './on-failure-bucket';
import { PipelineStack, type PipelineStackProps } from './pipeline-stack';
import type { Settings } from './settings';

export interface AggregationStackProps extends PipelineStackProps {
  readonly source: ClickStream;
  /** Whom the alarms tell. */
  readonly alarmTopic: ITopic;
}

/** Running counters: stream → aggregator → table ⟲ compactor, and a bucket for what the aggregator gives up on. */
export class AggregationStack extends PipelineStack {
  readonly table: AggregatesTable;
  readonly onFailure: OnFailureBucket;

  constructor(app: App, { settings, source, alarmTopic }: AggregationStackProps) {
    super(app, settings, {
      application: 'aggregation',
      purpose: 'Click counters',
      data: 'the aggregates table and the on-failure bucket',
    });

    const table = new AggregatesTable(this, 'Aggregates', { settings });
    this.table = table;
    const onFailure = new OnFailureBucket(this, 'OnFailure', { settings, customerKey: source.customerKey });
    this.onFailure = onFailure;
    const aggregator = new Aggregator(this, 'Aggregator', { settings, source, table, onFailure });
    const compactor = new Compactor(this, 'Compactor', { settings, table });
    const watched = {
      aggregator: aggregator.function,
      mapping: aggregator.mapping,
      compactor: compactor.function,
      table,
    };
    this.addAlarms(aggregationAlarms(watched, settings), alarmTopic);
    new LogQueries(this, 'Queries', {
      queries: [...aggregatorQueries(aggregator.logGroup), ...compactorQueries(compactor.logGroup)],
    });
    containAutoDelete(this, settings);

    const outputs = names.aggregation;
    this.addOutputs({
      [outputs.tableName]: table.tableName,
      [outputs.aggregatorName]: aggregator.function.functionName,
      [outputs.compactorName]: compactor.function.functionName,
      [outputs.onFailureBucketName]: onFailure.bucketName,
      [outputs.settings]: JSON.stringify(aggregationSettings(settings)),
    } satisfies Record<OutputName<'aggregation'>, string>);

    // Exported whoever reads them, so that adding or removing the stack of the dashboard leaves this one as it is.
    this.exportValue(table.tableName);
    this.exportValue(table.tableArn);
    this.exportValue(onFailure.bucketName);
    this.exportValue(onFailure.bucketArn);
  }
}

function aggregationSettings(settings: Settings): AggregationSettings {
  const { minutesForDays, logDays, maxRecordAgeSeconds, deduplicationSeconds, uniqueVisitors } = settings;
  const retention = byRetentionSetting((name) => settings[name]);
  return { ...retention, minutesForDays, logDays, maxRecordAgeSeconds, deduplicationSeconds, uniqueVisitors };
}

/** By the fields of its log lines (docs/operations.md: Log lines). */
function aggregatorQueries(logGroup: ILogGroup): readonly LogQuery[] {
  return [
    {
      title: 'Aggregator: what is counted, by shard',
      logGroup,
      filter: 'message like /^batch counted/',
      stats:
        'count(*) as batches, sum(records) as records, sum(valid) as events, sum(late) as lateEvents, ' +
        'sum(duplicates) as duplicateEvents, sum(recordsCountedBefore) as countedBefore by shard, bin(5m)',
    },
    {
      title: 'Aggregator: batches that are tried again, and why',
      logGroup,
      filter: 'message = "batch counted in part"',
      stats: 'count(*) as batches, earliest(lowestUnfinished) as firstUnfinished by unfinishedBecause, shard',
    },
    {
      title: 'Aggregator: bad lines, by reason',
      logGroup,
      parse: '@message /"invalidByReason":\\{(?<reasons>[^}]+)\\}/',
      filter: 'ispresent(reasons)',
      sort: '@timestamp desc',
      display: ['@timestamp', 'shard', 'reasons'],
    },
    ...functionQueries('Aggregator', logGroup),
  ];
}

function compactorQueries(logGroup: ILogGroup): readonly LogQuery[] {
  return [
    {
      title: 'Compactor: how far it is, and what it writes',
      logGroup,
      filter: 'message like /^logs compacted/',
      stats:
        'max(oldestPendingMs / 1000) as oldestPendingSeconds, max(pending) as pendingDeltas, sum(deltas) as deltas, ' +
        'sum(items) as items, sum(readUnits) as reads, sum(writeUnits) as writes by bin(5m)',
    },
    {
      title: 'Compactor: shards that are left, and why',
      logGroup,
      filter: 'message = "logs compacted in part"',
      sort: '@timestamp desc',
      display: ['@timestamp', '@message'],
    },
    ...functionQueries('Compactor', logGroup),
  ];
}
