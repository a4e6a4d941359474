import { type App, CfnOutput } from 'aws-cdk-lib';
import { ClickStream } from './click-stream';
import { PipelineStack, type PipelineStackProps } from './pipeline-stack';

/** The stream alone: it outlives the applications that read it. */
export class StreamStack extends PipelineStack {
  readonly source: ClickStream;

  constructor(app: App, { settings }: PipelineStackProps) {
    super(app, settings, {
      application: 'stream',
      purpose: 'Click stream',
      data: settings.encryption === 'customer-managed' ? 'the stream and its key' : 'the stream',
    });
    this.source = new ClickStream(this, 'ClickStream', { settings });

    new CfnOutput(this, 'StreamName', { value: this.source.stream.streamName });
    new CfnOutput(this, 'StreamArn', { value: this.source.stream.streamArn });

    // Exported whoever reads them, so that adding or removing an application leaves this stack as it is.
    this.exportValue(this.source.stream.streamArn);
    if (this.source.key) this.exportValue(this.source.key.keyArn);
  }
}
