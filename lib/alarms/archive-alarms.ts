import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { TransformerMetric, transformerService } from '../../lambda/transformer/contract';
import type { Settings } from '../settings';
import { type AlarmRule, anyAtAll, heartbeat } from './alarm-rule';
import {
  behindAlarm,
  bufferedSeconds,
  deliveryMetrics,
  notAllWellAlarm,
  staleAlarm,
} from './delivery-alarms';
import { errorsAlarm, throttlesAlarm } from './function-alarms';
import { ownMetric } from './metrics';

export interface ArchiveResources {
  readonly transformer: IFunction;
  readonly deliveryStreamName: string;
}

/** The alarms of the archive's stack. */
export function archiveAlarms(
  { transformer, deliveryStreamName }: ArchiveResources,
  settings: Settings,
): readonly AlarmRule[] {
  const ofDelivery = deliveryMetrics(deliveryStreamName);
  const buffered = bufferedSeconds(settings);
  const { heartbeatMinutes } = settings;
  const silentMinutes = heartbeatMinutes && heartbeatMinutes + Math.ceil(buffered / 60);
  return [
    staleAlarm(
      {
        id: 'ArchiveStale',
        meaning:
          'The archive lacks what came in lately: the delivery stream holds records longer than it should.',
      },
      ofDelivery,
      buffered,
    ),
    behindAlarm(
      { id: 'ArchiveBehind', meaning: 'The delivery stream is behind the stream in reading.' },
      ofDelivery,
      buffered,
    ),
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
    notAllWellAlarm(
      {
        id: 'ProcessingFails',
        meaning:
          'Calls of the transformer fail: what fails too often lies under the error prefix, not in the archive.',
      },
      ofDelivery,
      'ExecuteProcessing.Success',
    ),
    {
      id: 'RecordsWithoutRoom',
      meaning: 'Records do not fit into an answer of the transformer, and lie under the error prefix.',
      metric: ownMetric(settings, transformerService, {
        name: TransformerMetric.recordsWithoutRoom,
        statistic: 'Sum',
        periodSeconds: 60,
      }),
      ...anyAtAll,
    },
    notAllWellAlarm(
      {
        id: 'DeliveryFails',
        meaning:
          'The archive bucket refuses objects: Firehose tries again for as long as the stream keeps the records.',
      },
      ofDelivery,
      'DeliveryToS3.Success',
    ),
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
