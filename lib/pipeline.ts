import { type App, Tags, Validations } from 'aws-cdk-lib';
import type { Application } from '../contract/stack-outputs';
import { AggregationStack } from './aggregation-stack';
import { ArchiveStack } from './archive-stack';
import type { PipelineStack } from './pipeline-stack';
import type { Settings } from './settings';
import { ShardOrderCheck } from './shard-order-check';
import { StreamStack } from './stream-stack';

/** The stacks of one deployment. */
export type Pipeline = Readonly<Record<Application, PipelineStack>>;

/** Adds one deployment to the app: the stream and two applications on it that know nothing of each other. */
export function addPipeline(app: App, settings: Settings): Pipeline {
  const stream = new StreamStack(app, { settings });
  const { source, alarmTopic } = stream;
  const aggregation = new AggregationStack(app, { settings, source, alarmTopic });
  const archive = new ArchiveStack(app, { settings, source, alarmTopic });

  Tags.of(app).add('project', settings.name);
  Tags.of(app).add('stage', settings.stage);
  Validations.of(app).addPlugins(new ShardOrderCheck());
  return { stream, aggregation, archive };
}
