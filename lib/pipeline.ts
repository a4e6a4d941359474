import { type App, Tags, Validations } from 'aws-cdk-lib';
import type { Application, Extension } from '../contract/stack-outputs';
import { AggregationStack } from './aggregation-stack';
import { AnalyticsStack } from './analytics-stack';
import { AnomaliesStack } from './anomalies-stack';
import { ArchiveStack } from './archive-stack';
import { CollectorStack } from './collector-stack';
import { DashboardStack } from './dashboard-stack';
import { DestinationStack } from './destination-stack';
import type { PipelineStack } from './pipeline-stack';
import type { Settings } from './settings';
import { ShardOrderCheck } from './shard-order-check';
import { SourcesStack } from './sources-stack';
import { StreamStack } from './stream-stack';
import { VideoStack } from './video-stack';

/** The stacks of one deployment. */
export type Pipeline = Readonly<Record<Application, PipelineStack>> &
  Readonly<Partial<Record<Extension, PipelineStack>>>;

/** Adds one deployment to the app: the stream and two applications on it that know nothing of each other. */
export function addPipeline(app: App, settings: Settings): Pipeline {
  const stream = new StreamStack(app, { settings });
  const { source, alarmTopic } = stream;
  const aggregation = new AggregationStack(app, { settings, source, alarmTopic });
  const archive = new ArchiveStack(app, { settings, source, alarmTopic });
  const { table, onFailure } = aggregation;
  const extensions = {
    ...(settings.analytics && {
      analytics: new AnalyticsStack(app, { settings, source, archive: archive.bucket, alarmTopic }),
    }),
    ...(settings.dashboard === 'hosted' && {
      dashboard: new DashboardStack(app, { settings, table, onFailure, alarmTopic }),
    }),
    ...(settings.collector && { collector: new CollectorStack(app, { settings, source, alarmTopic }) }),
    ...(settings.destination !== 'off' && {
      destination: new DestinationStack(app, {
        ...{ settings, source, alarmTopic, archive: archive.bucket },
        kind: settings.destination,
      }),
    }),
    ...(settings.anomalies && {
      anomalies: new AnomaliesStack(app, { settings, table, alarmTopic }),
    }),
    ...((settings.logSources || settings.busSource !== '') && {
      sources: new SourcesStack(app, { settings, source, alarmTopic }),
    }),
    ...(settings.video && { video: new VideoStack(app, { settings }) }),
  };

  const pipeline = { stream, aggregation, archive, ...extensions };
  stream.addDashboard(Object.values(pipeline));

  Tags.of(app).add('project', settings.name);
  Tags.of(app).add('stage', settings.stage);
  Validations.of(app).addPlugins(new ShardOrderCheck());
  return pipeline;
}
