import type { App } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { processingFailedPrefix } from '../contract/bucket-prefixes';
import { type ExtensionOutputName, ExtensionOutputs } from '../contract/stack-outputs';
import { errorColumns } from '../domain/archive/columns';
import { parquetAlarms } from './alarms/parquet-alarms';
import { AnalystPolicy } from './analytics/analyst-policy';
import { ArchiveCatalog } from './analytics/archive-catalog';
import { AskedInAthena } from './analytics/asked-in-athena';
import { ParquetCopy } from './analytics/parquet-copy';
import { StudioNotebook } from './analytics/studio-notebook';
import type { ArchiveBucket } from './archive-bucket';
import { containAutoDelete } from './auto-delete';
import type { ClickStream } from './click-stream';
import { PipelineStack, type PipelineStackProps } from './pipeline-stack';

export interface AnalyticsStackProps extends PipelineStackProps {
  readonly source: ClickStream;
  readonly archive: ArchiveBucket;
  /** Whom the alarms tell. */
  readonly alarmTopic: ITopic;
}

/**
 * SQL over the archive: a catalogue of its objects and a workgroup of Athena; if asked for, a copy of it as Parquet and a
 * notebook over the stream.
 */
export class AnalyticsStack extends PipelineStack {
  constructor(app: App, { settings, source, archive, alarmTopic }: AnalyticsStackProps) {
    super(app, settings, {
      application: 'analytics',
      purpose: 'SQL over the click archive',
      data: settings.parquet ? 'the Parquet copy of the archive' : 'no data',
    });
    const databaseName = `${settings.name}_${settings.stage}`.toLowerCase().replaceAll('-', '_');
    const catalog = new ArchiveCatalog(this, 'Catalog', {
      settings,
      databaseName,
      about: 'Clicks of the archive, one place each',
      bucket: archive,
      format: 'json',
      errors: {
        prefix: processingFailedPrefix,
        about: 'Records that the transformer failed at',
        columns: errorColumns,
      },
    });
    const copy = settings.parquet
      ? new ParquetCopy(this, 'Parquet', { settings, source, databaseName: `${databaseName}_parquet` })
      : undefined;
    const athena = new AskedInAthena(this, 'Athena', { settings, catalog });
    const policy = new AnalystPolicy(this, 'Analyst', {
      catalog,
      archive,
      copy,
      workGroup: athena.workGroup,
    });
    if (settings.notebook) new StudioNotebook(this, 'Notebook', { settings, source, catalog });
    if (copy) {
      this.addAlarms(parquetAlarms(copy, settings), alarmTopic);
      containAutoDelete(this, settings);
    }

    const outputs = ExtensionOutputs.analytics;
    this.addOutputs({
      [outputs.databaseName]: catalog.databaseName,
      [outputs.workGroupName]: athena.workGroup.name,
      [outputs.analystPolicyArn]: policy.managedPolicyArn,
      ...(copy && {
        [outputs.parquetDatabaseName]: copy.catalog.databaseName,
        [outputs.parquetBucketName]: copy.bucket.bucketName,
      }),
    } satisfies Partial<Record<ExtensionOutputName<'analytics'>, string>>);
  }
}
