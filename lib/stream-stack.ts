import type { App } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { type OutputName, StackOutputs } from '../contract/stack-outputs';
import { AlarmTopic } from './alarms/alarm-topic';
import { Alarms } from './alarms/alarms';
import { streamAlarms } from './alarms/stream-alarms';
import { ClickStream } from './click-stream';
import { PipelineStack, type PipelineStackProps } from './pipeline-stack';

/** The stream alone: it outlives the applications that read it. */
export class StreamStack extends PipelineStack {
  readonly source: ClickStream;
  /** Whom the alarms of every stack tell. */
  readonly alarmTopic: ITopic;

  constructor(app: App, { settings }: PipelineStackProps) {
    super(app, settings, {
      application: 'stream',
      purpose: 'Click stream',
      data: settings.encryption === 'aws-managed' ? 'the stream' : 'the stream and its key',
    });
    this.source = new ClickStream(this, 'ClickStream', { settings });

    const { stream, customerKey } = this.source;
    const { own, topic } = new AlarmTopic(this, 'AlarmTopic', { settings, customerKey });
    this.alarmTopic = topic;
    if (settings.alarms) {
      new Alarms(this, 'Alarms', { rules: streamAlarms(stream.streamName, settings), topic });
    }

    const { streamName, streamArn, alarmTopicArn, keyArn } = StackOutputs.stream;
    this.addOutputs({
      [streamName]: stream.streamName,
      [streamArn]: stream.streamArn,
      [alarmTopicArn]: topic.topicArn,
      // For the policies of those who write to the stream, or read the archive, with a role of their own.
      ...(customerKey && { [keyArn]: customerKey.key.keyArn }),
    } satisfies Record<Exclude<OutputName<'stream'>, typeof keyArn>, string>);

    // Exported whoever reads them, so that adding or removing an application leaves this stack as it is.
    this.exportValue(this.source.stream.streamArn);
    this.exportValue(own.topicArn);
    if (customerKey) this.exportValue(customerKey.key.keyArn);
  }
}
