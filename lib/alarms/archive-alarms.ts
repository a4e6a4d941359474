import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { TransformerMetric, transformerService } from '../../lambda/transformer/contract';
import type { Settings } from '../settings';
import { type AlarmRule, heartbeat, onceInAQuarter } from './alarm-rule';
import { errorsAlarm, throttlesAlarm } from './function-alarms';
import { metric, ownMetric } from './metrics';

export interface ArchiveResources {
  readonly transformer: IFunction;
  readonly deliveryStreamName: string;
}

/** The alarms of the archive's stack. Firehose sends its metrics each minute, and of some only while it delivers. */
export function archiveAlarms(
  { transformer, deliveryStreamName }: ArchiveResources,
  settings: Settings,
): readonly AlarmRule[] {
  const ofDelivery = (name: string, statistic: string, periodSeconds: 60 | 300 = 300) =>
    metric('AWS/Firehose', { DeliveryStreamName: deliveryStreamName }, { name, statistic, periodSeconds });
  const bufferedSeconds = settings.archiveBufferSeconds + settings.transformerBufferSeconds;
  const { heartbeatMinutes } = settings;
  const silentMinutes = heartbeatMinutes && heartbeatMinutes + Math.ceil(bufferedSeconds / 60);
  return [
    {
      id: 'ArchiveStale',
      meaning:
        'The archive lacks what came in lately: the delivery stream holds records longer than it should.',
      metric: ofDelivery('DeliveryToS3.DataFreshness', 'Maximum'),
      is: 'above',
      threshold: Math.max(900, 2 * bufferedSeconds),
      breaching: [2, 2],
      // Missing where nothing comes in, and where nothing at all can be delivered (Firehose docs: Data freshness
      // metric increasing or not emitted).
      withoutData: 'keeps the state',
    },
    {
      id: 'ArchiveBehind',
      meaning: 'The delivery stream is behind the stream in reading.',
      metric: ofDelivery('KinesisMillisBehindLatest', 'Maximum'),
      is: 'above',
      threshold: Math.max(300, bufferedSeconds) * 1_000,
      breaching: [3, 3],
      withoutData: 'is fine',
    },
    errorsAlarm(
      'TransformerErrors',
      transformer,
      'The transformer crashes or times out: Firehose repeats the call, and then puts the batch under the error prefix.',
    ),
    throttlesAlarm(
      'TransformerThrottled',
      transformer,
      'Lambda refuses to run the transformer, for want of concurrency: batches go under the error prefix.',
    ),
    {
      id: 'ProcessingFails',
      meaning:
        'Calls of the transformer fail: what fails too often lies under the error prefix, not in the archive.',
      metric: ofDelivery('ExecuteProcessing.Success', 'Average'),
      is: 'below',
      threshold: 1,
      breaching: [2, 2],
      withoutData: 'is fine',
    },
    {
      id: 'RecordsWithoutRoom',
      meaning: 'Records do not fit into an answer of the transformer, and lie under the error prefix.',
      metric: ownMetric(settings, transformerService, {
        name: TransformerMetric.recordsWithoutRoom,
        statistic: 'Sum',
        periodSeconds: 60,
      }),
      is: 'above',
      threshold: 0,
      breaching: onceInAQuarter,
      withoutData: 'is fine',
    },
    {
      id: 'DeliveryFails',
      meaning:
        'The archive bucket refuses objects: Firehose tries again for as long as the stream keeps the records.',
      metric: ofDelivery('DeliveryToS3.Success', 'Average'),
      is: 'below',
      threshold: 1,
      breaching: [2, 2],
      withoutData: 'is fine',
    },
    ...heartbeat(
      {
        id: 'NothingArchived',
        meaning: `Nothing was archived for ${silentMinutes} minutes: no clicks, or the delivery stream stands still.`,
        metric: ofDelivery('DeliveryToS3.Records', 'Sum', 60),
      },
      silentMinutes,
    ),
  ];
}
