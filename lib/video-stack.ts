import type { App } from 'aws-cdk-lib';
import { type ExtensionOutputName, ExtensionOutputs } from '../contract/stack-outputs';
import { PipelineStack, type PipelineStackProps } from './pipeline-stack';
import { VideoStream } from './video/video-stream';

/** Recordings, apart from clicks: nothing here reads or writes the pipeline (docs/decisions/0198-video-apart.md). */
export class VideoStack extends PipelineStack {
  constructor(app: App, { settings }: PipelineStackProps) {
    super(app, settings, {
      application: 'video',
      purpose: 'Video stream of recordings',
      data: 'the video stream and its key',
    });
    const video = new VideoStream(this, 'Video', { settings });
    const names = ExtensionOutputs.video;
    this.addOutputs({
      [names.streamName]: video.streamName,
      [names.streamArn]: video.streamArn,
      [names.producerRoleArn]: video.producerRoleArn,
    } satisfies Record<ExtensionOutputName<'video'>, string>);
  }
}
