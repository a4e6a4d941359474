import type { IEventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Settings } from '../settings';
import { type AlarmRule, mostOfFiveMinutes } from './alarm-rule';
import { behindAlarm, errorsAlarm, throttlesAlarm } from './function-alarms';
import { givenUpAlarms } from './mapping-alarms';
import { metric } from './metrics';

export interface AdapterResources {
  readonly adapter: IFunction;
  readonly mapping: IEventSourceMapping;
  /** Of the stream of log lines. */
  readonly streamName: string;
}

/** Of log lines on their way to the stream of clicks. */
export function adapterAlarms(
  { adapter, mapping, streamName }: AdapterResources,
  settings: Settings,
): readonly AlarmRule[] {
  return [
    behindAlarm(
      'AdapterBehind',
      adapter,
      'Clicks of logs are late: the adapter fails, may not put, or has not enough shards.',
      settings,
    ),
    errorsAlarm(
      'AdapterErrors',
      adapter,
      'The adapter crashes or times out: its batches wait, and are tried again until they are too old.',
    ),
    throttlesAlarm(
      'AdapterThrottled',
      adapter,
      'Lambda refuses to run the adapter, for want of concurrency: its batches wait.',
    ),
    ...givenUpAlarms(mapping, adapter, {
      delivered: {
        id: 'LogRecordsGivenUp',
        meaning:
          'Records of log lines were given up, and lie in the on-failure bucket: they are no clicks yet.',
      },
      dropped: {
        id: 'LogRecordsDropped',
        meaning: 'Records of log lines were given up without an object in the on-failure bucket.',
      },
      refused: {
        id: 'LogOnFailureRefused',
        meaning: 'The on-failure bucket refuses records of log lines that are given up.',
      },
    }),
    {
      id: 'LogWritesThrottled',
      meaning: 'The stream of log lines refuses records, because a shard is full: CloudFront loses them.',
      metric: metric(
        'AWS/Kinesis',
        { StreamName: streamName },
        { name: 'WriteProvisionedThroughputExceeded', statistic: 'Average', periodSeconds: 60 },
      ),
      is: 'above',
      threshold: 0.01,
      breaching: mostOfFiveMinutes,
      withoutData: 'is fine',
    },
  ];
}

/** Of events on their way from EventBridge to the stream of clicks. */
export function busAlarms(givenUp: IQueue): readonly AlarmRule[] {
  return [
    {
      id: 'BusEventsGivenUp',
      meaning: 'EventBridge gave up events, which lie in the dead-letter queue: they are no clicks yet.',
      metric: metric(
        'AWS/SQS',
        { QueueName: givenUp.queueName },
        { name: 'ApproximateNumberOfMessagesVisible', statistic: 'Maximum', periodSeconds: 300 },
      ),
      is: 'above',
      threshold: 0,
      breaching: [1, 1],
      // SQS sends nothing of a queue that nobody has called for six hours (its docs: Monitoring Amazon SQS with
      // CloudWatch), and what lies in it then is no click either.
      withoutData: 'keeps the state',
    },
  ];
}
