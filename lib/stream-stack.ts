import type { App } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { type OutputName, StackOutputs } from '../contract/stack-outputs';
import { AlarmTopic } from './alarms/alarm-topic';
import { PipelineDashboard } from './alarms/dashboard';
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
    this.addAlarms(streamAlarms(stream.streamName, settings), topic);

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

  /**
   * The dashboard stands here, because nothing else is sure to be there; it needs no more of the other stacks than the names
   * of their alarms. Without alarms there is none.
   */
  addDashboard(stacks: readonly PipelineStack[]): void {
    const alarmNames = stacks.flatMap((stack) => stack.alarmNames);
    if (alarmNames.length === 0) return;
    const { streamName } = this.source.stream;
    new PipelineDashboard(this, 'Overview', { settings: this.settings, streamName, alarmNames });
  }
}
