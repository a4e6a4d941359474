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
      data: settings.encryption === 'aws-managed' ? 'the stream' : 'the stream and its key',
    });
    this.source = new ClickStream(this, 'ClickStream', { settings });

    new CfnOutput(this, 'StreamName', { value: this.source.stream.streamName });
    new CfnOutput(this, 'StreamArn', { value: this.source.stream.streamArn });
    const { customerKey } = this.source;
    // For whoever writes to the stream or reads the archive under a role of their own: they need it in their policies.
    if (customerKey) new CfnOutput(this, 'KeyArn', { value: customerKey.key.keyArn });

    // Exported whoever reads them, so that adding or removing an application leaves this stack as it is.
    this.exportValue(this.source.stream.streamArn);
    if (customerKey) this.exportValue(customerKey.key.keyArn);
  }
}
