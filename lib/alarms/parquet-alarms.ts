import { parquetTransformerService, TransformerMetric } from '../../lambda/transformer/contract';
import type { Settings } from '../settings';
import { type AlarmRule, anyAtAll } from './alarm-rule';
import type { ArchiveResources } from './archive-alarms';
import {
  behindAlarm,
  bufferedSeconds,
  deliveryMetrics,
  notAllWellAlarm,
  staleAlarm,
} from './delivery-alarms';
import { errorsAlarm, throttlesAlarm } from './function-alarms';
import { ownMetric } from './metrics';

/** The alarms of the Parquet copy: the archive is whole whatever they say, and answers lack what the copy lacks. */
export function parquetAlarms(
  { transformer, deliveryStreamName }: ArchiveResources,
  settings: Settings,
): readonly AlarmRule[] {
  const ofDelivery = deliveryMetrics(deliveryStreamName);
  const buffered = bufferedSeconds(settings);
  return [
    staleAlarm(
      { id: 'ParquetStale', meaning: 'The Parquet copy lacks what came in lately; the archive may have it.' },
      ofDelivery,
      buffered,
    ),
    behindAlarm(
      {
        id: 'ParquetBehind',
        meaning: 'The delivery stream of the Parquet copy is behind the stream in reading.',
      },
      ofDelivery,
      buffered,
    ),
    errorsAlarm(
      'ParquetTransformerErrors',
      transformer,
      'The transformer of the Parquet copy crashes or times out.',
    ),
    throttlesAlarm(
      'ParquetTransformerThrottled',
      transformer,
      'Lambda refuses to run the transformer of the Parquet copy, for want of concurrency.',
    ),
    notAllWellAlarm(
      { id: 'ParquetProcessingFails', meaning: 'Calls of the transformer of the Parquet copy fail.' },
      ofDelivery,
      'ExecuteProcessing.Success',
    ),
    {
      id: 'ParquetRecordsWithoutRoom',
      meaning: 'Records do not fit into an answer of the transformer, and are missing from the Parquet copy.',
      metric: ownMetric(settings, parquetTransformerService, {
        name: TransformerMetric.recordsWithoutRoom,
        statistic: 'Sum',
        periodSeconds: 60,
      }),
      ...anyAtAll,
    },
    {
      id: 'ParquetConversionFails',
      meaning: 'Firehose cannot convert records to Parquet: they are missing from the copy.',
      metric: ofDelivery('FailedConversion.Records', 'Sum', 60),
      ...anyAtAll,
    },
    notAllWellAlarm(
      { id: 'ParquetDeliveryFails', meaning: 'The bucket of the Parquet copy refuses objects.' },
      ofDelivery,
      'DeliveryToS3.Success',
    ),
  ];
}
