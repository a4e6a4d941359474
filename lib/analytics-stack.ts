import type { App } from 'aws-cdk-lib';
import { type ExtensionOutputName, ExtensionOutputs } from '../contract/stack-outputs';
import { AnalystPolicy } from './analytics/analyst-policy';
import { ArchiveCatalog } from './analytics/archive-catalog';
import { AskedInAthena } from './analytics/asked-in-athena';
import { StudioNotebook } from './analytics/studio-notebook';
import type { ArchiveBucket } from './archive-bucket';
import type { ClickStream } from './click-stream';
import { PipelineStack, type PipelineStackProps } from './pipeline-stack';

export interface AnalyticsStackProps extends PipelineStackProps {
  readonly source: ClickStream;
  readonly archive: ArchiveBucket;
}

/** SQL over the archive: a catalogue of its objects, a workgroup of Athena, and a notebook over the stream if asked for. */
export class AnalyticsStack extends PipelineStack {
  constructor(app: App, { settings, source, archive }: AnalyticsStackProps) {
    super(app, settings, {
      application: 'analytics',
      purpose: 'SQL over the click archive',
      data: 'no data',
    });
    const catalog = new ArchiveCatalog(this, 'Catalog', { settings, archive });
    const athena = new AskedInAthena(this, 'Athena', { settings, catalog });
    const policy = new AnalystPolicy(this, 'Analyst', { catalog, archive, workGroup: athena.workGroup });
    if (settings.notebook) new StudioNotebook(this, 'Notebook', { settings, source, catalog });

    const outputs = ExtensionOutputs.analytics;
    this.addOutputs({
      [outputs.databaseName]: catalog.databaseName,
      [outputs.workGroupName]: athena.workGroup.name,
      [outputs.analystPolicyArn]: policy.managedPolicyArn,
    } satisfies Record<ExtensionOutputName<'analytics'>, string>);
  }
}
