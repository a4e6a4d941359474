import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ForwarderMetric, forwarderService } from '../../lambda/forwarder/contract';
import type { Settings } from '../settings';
import { type AlarmRule, anyAtAll } from './alarm-rule';
import { behindAlarm, deliveryMetrics, notAllWellAlarm, staleAlarm } from './delivery-alarms';
import { errorsAlarm, throttlesAlarm } from './function-alarms';
import { ownMetric } from './metrics';

export interface DestinationResources {
  readonly forwarder: IFunction;
  readonly deliveryStreamName: string;
  /** What the destination is called in Firehose's metrics: `HttpEndpoint`. */
  readonly metricName: string;
}

/** The alarms of the destination's stack. */
export function destinationAlarms(
  { forwarder, deliveryStreamName, metricName }: DestinationResources,
  settings: Settings,
): readonly AlarmRule[] {
  const ofDelivery = deliveryMetrics(deliveryStreamName);
  const buffered = settings.destinationBufferSeconds + settings.transformerBufferSeconds;
  return [
    staleAlarm(
      {
        id: 'DestinationStale',
        meaning:
          'The destination lacks what came in lately: the delivery stream holds records longer than it should.',
      },
      ofDelivery,
      buffered,
      metricName,
    ),
    notAllWellAlarm(
      {
        id: 'DestinationFails',
        meaning:
          'The destination refuses events, or cannot be reached: what fails for too long lies in a bucket instead.',
      },
      ofDelivery,
      `DeliveryTo${metricName}.Success`,
    ),
    behindAlarm(
      {
        id: 'DestinationBehind',
        meaning: 'The delivery stream of the destination is behind the stream in reading.',
      },
      ofDelivery,
      buffered,
    ),
    errorsAlarm(
      'ForwarderErrors',
      forwarder,
      'The forwarder crashes or times out: Firehose repeats the call, and then puts the batch into a bucket.',
    ),
    throttlesAlarm(
      'ForwarderThrottled',
      forwarder,
      'Lambda refuses to run the forwarder, for want of concurrency: batches go into a bucket.',
    ),
    {
      id: 'RecordsNotForwarded',
      meaning: 'Records hold more events than the destination takes at once, and lie in a bucket instead.',
      metric: ownMetric(settings, forwarderService, {
        name: ForwarderMetric.recordsNotForwarded,
        statistic: 'Sum',
        periodSeconds: 60,
      }),
      ...anyAtAll,
    },
  ];
}
