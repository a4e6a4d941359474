import type { App } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { AggregationSettings } from '../contract/aggregation-settings';
import { StackOutputs as names, type OutputName } from '../contract/stack-outputs';
import { byRetentionSetting } from '../domain/counters/retention';
import { AggregatesTable } from './aggregates-table';
import { Aggregator } from './aggregator';
import { aggregationAlarms } from './alarms/aggregation-alarms';
import { Alarms } from './alarms/alarms';
import { containAutoDelete } from './auto-delete';
import type { ClickStream } from './click-stream';
import { Compactor } from './compactor';
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
  constructor(app: App, { settings, source, alarmTopic }: AggregationStackProps) {
    super(app, settings, {
      application: 'aggregation',
      purpose: 'Click counters',
      data: 'the aggregates table and the on-failure bucket',
    });

    const table = new AggregatesTable(this, 'Aggregates', { settings });
    const onFailure = new OnFailureBucket(this, 'OnFailure', { settings, customerKey: source.customerKey });
    const aggregator = new Aggregator(this, 'Aggregator', { settings, source, table, onFailure });
    const compactor = new Compactor(this, 'Compactor', { settings, table });
    if (settings.alarms) {
      const resources = {
        aggregator: aggregator.function,
        mapping: aggregator.mapping,
        compactor: compactor.function,
        table,
      };
      new Alarms(this, 'Alarms', { rules: aggregationAlarms(resources, settings), topic: alarmTopic });
    }
    containAutoDelete(this, settings);

    const outputs = names.aggregation;
    this.addOutputs({
      [outputs.tableName]: table.tableName,
      [outputs.aggregatorName]: aggregator.function.functionName,
      [outputs.compactorName]: compactor.function.functionName,
      [outputs.onFailureBucketName]: onFailure.bucketName,
      [outputs.settings]: JSON.stringify(aggregationSettings(settings)),
    } satisfies Record<OutputName<'aggregation'>, string>);
  }
}

function aggregationSettings(settings: Settings): AggregationSettings {
  const { minutesForDays, logDays, maxRecordAgeSeconds, deduplicationSeconds, uniqueVisitors } = settings;
  const retention = byRetentionSetting((name) => settings[name]);
  return { ...retention, minutesForDays, logDays, maxRecordAgeSeconds, deduplicationSeconds, uniqueVisitors };
}
