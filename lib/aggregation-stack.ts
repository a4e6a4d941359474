import { type App, CfnOutput } from 'aws-cdk-lib';
import { compactorOutput } from '../domain/counters/compaction-request';
import { AggregatesTable } from './aggregates-table';
import { Aggregator } from './aggregator';
import { containAutoDelete } from './auto-delete';
import type { ClickStream } from './click-stream';
import { Compactor } from './compactor';
import { OnFailureBucket } from './on-failure-bucket';
import { PipelineStack, type PipelineStackProps } from './pipeline-stack';

export interface AggregationStackProps extends PipelineStackProps {
  readonly source: ClickStream;
}

/** Running counters: stream → aggregator → table ⟲ compactor, and a bucket for what the aggregator gives up on. */
export class AggregationStack extends PipelineStack {
  constructor(app: App, { settings, source }: AggregationStackProps) {
    super(app, settings, {
      application: 'aggregation',
      purpose: 'Click counters',
      data: 'the aggregates table and the on-failure bucket',
    });

    const table = new AggregatesTable(this, 'Aggregates', { settings });
    const onFailure = new OnFailureBucket(this, 'OnFailure', { settings, customerKey: source.customerKey });
    const aggregator = new Aggregator(this, 'Aggregator', { settings, source, table, onFailure });
    const compactor = new Compactor(this, 'Compactor', { settings, table });
    containAutoDelete(this, settings);

    new CfnOutput(this, 'TableName', { value: table.tableName });
    new CfnOutput(this, 'AggregatorFunctionName', { value: aggregator.function.functionName });
    new CfnOutput(this, compactorOutput, { value: compactor.function.functionName });
    new CfnOutput(this, 'OnFailureBucketName', { value: onFailure.bucketName });
    // Whoever recomputes or checks the counters must decide as the aggregator does.
    const { minuteRetentionDays, hourRetentionDays, dayRetentionDays, logDays } = settings;
    const { maxRecordAgeSeconds, deduplicationSeconds, uniqueVisitors } = settings;
    new CfnOutput(this, 'AggregatorSettings', {
      value: JSON.stringify({
        minuteRetentionDays,
        hourRetentionDays,
        dayRetentionDays,
        logDays,
        maxRecordAgeSeconds,
        deduplicationSeconds,
        uniqueVisitors,
      }),
    });
  }
}
