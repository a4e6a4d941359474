import type { App } from 'aws-cdk-lib';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { type ExtensionOutputName, ExtensionOutputs } from '../contract/stack-outputs';
import type { AlarmRule } from './alarms/alarm-rule';
import { adapterAlarms, busAlarms } from './alarms/sources-alarms';
import { containAutoDelete } from './auto-delete';
import { ClickStream } from './click-stream';
import { functionQueries, LogQueries, type LogQuery } from './log-queries';
import { OnFailureBucket } from './on-failure-bucket';
import { PipelineStack, type PipelineStackProps } from './pipeline-stack';
import { Adapter } from './sources/adapter';
import { BusRule } from './sources/bus-rule';
import { LogWriters } from './sources/log-writers';

export interface SourcesStackProps extends PipelineStackProps {
  /** Of clicks. */
  readonly source: ClickStream;
  /** Whom the alarms tell. */
  readonly alarmTopic: ITopic;
}

const names = ExtensionOutputs.sources;
type Outputs = Readonly<Partial<Record<ExtensionOutputName<'sources'>, string>>>;

/** Ways in for what other services of AWS know: their logs, through a stream of their own, and events of a bus. */
export class SourcesStack extends PipelineStack {
  constructor(app: App, { settings, source, alarmTopic }: SourcesStackProps) {
    super(app, settings, {
      application: 'sources',
      purpose: 'Click sources',
      data: [
        ...(settings.logSources ? ['the stream of log lines', 'its on-failure bucket'] : []),
        ...(settings.busSource === '' ? [] : ['what EventBridge gave up']),
      ].join(' and '),
    });
    const logs = settings.logSources ? this.addLogs(source) : undefined;
    const bus = settings.busSource === '' ? undefined : this.addBus(source);
    this.addAlarms([...(logs?.alarms ?? []), ...(bus?.alarms ?? [])], alarmTopic);
    this.addOutputs({ ...logs?.outputs, ...bus?.outputs });
  }

  private addLogs(target: ClickStream): { readonly alarms: readonly AlarmRule[]; readonly outputs: Outputs } {
    const { settings } = this;
    const source = new ClickStream(this, 'LogLines', { settings, beside: target });
    const writers = new LogWriters(this, 'Writers', { stream: source });
    const onFailure = new OnFailureBucket(this, 'OnFailure', { settings, customerKey: target.customerKey });
    const adapter = new Adapter(this, 'Adapter', { settings, source, target, onFailure });
    new LogQueries(this, 'Queries', { queries: adapterQueries(adapter.logGroup) });
    containAutoDelete(this, settings);
    const { streamName, streamArn } = source.stream;
    return {
      alarms: adapterAlarms({ adapter: adapter.function, mapping: adapter.mapping, streamName }, settings),
      outputs: {
        [names.logStreamName]: streamName,
        [names.logStreamArn]: streamArn,
        [names.adapterName]: adapter.function.functionName,
        [names.onFailureBucketName]: onFailure.bucketName,
        [names.realtimeLogConfigArn]: writers.realtimeLogConfigArn,
        [names.subscriptionRoleArn]: writers.subscriptionRoleArn,
      },
    };
  }

  private addBus(stream: ClickStream): { readonly alarms: readonly AlarmRule[]; readonly outputs: Outputs } {
    const { ruleName, deadLetters } = new BusRule(this, 'Bus', { settings: this.settings, stream });
    return {
      alarms: busAlarms(deadLetters),
      outputs: { [names.busRuleName]: ruleName, [names.busDeadLetterQueueUrl]: deadLetters.queueUrl },
    };
  }
}

/** By the fields of its log lines (docs/operations.md: Log lines). */
function adapterQueries(logGroup: ILogGroup): readonly LogQuery[] {
  return [
    {
      title: 'Adapter: lines, and those that are no clicks',
      logGroup,
      filter: 'message like /^batch adapted/',
      stats:
        'count(*) as batches, sum(records) as allRecords, sum(lines) as allLines, sum(badLines) as noClicks ' +
        'by shard, bin(5m)',
    },
    {
      title: 'Adapter: batches that are tried again, and why',
      logGroup,
      filter: 'message = "batch adapted in part"',
      stats: 'count(*) as batches, earliest(lowestUnfinished) as firstUnfinished by unfinishedBecause, shard',
    },
    ...functionQueries('Adapter', logGroup),
  ];
}
