import type { Settings } from '../settings';
import type { AlarmRule } from './alarm-rule';
import { type MetricRequest, metric } from './metrics';

/** How an alarm of a delivery stream is called, and what has happened when it goes off. */
type Told = Pick<AlarmRule, 'id' | 'meaning'>;

/** How long records wait in the buffers of a delivery stream to S3 at the most, in seconds. */
export function bufferedSeconds(
  settings: Pick<Settings, 'archiveBufferSeconds' | 'transformerBufferSeconds'>,
): number {
  return settings.archiveBufferSeconds + settings.transformerBufferSeconds;
}

/** Metrics that Firehose sends of a delivery stream: each minute, and of some only while it delivers. */
export function deliveryMetrics(deliveryStreamName: string) {
  return (name: string, statistic: string, periodSeconds: MetricRequest['periodSeconds'] = 300) =>
    metric('AWS/Firehose', { DeliveryStreamName: deliveryStreamName }, { name, statistic, periodSeconds });
}

type DeliveryMetrics = ReturnType<typeof deliveryMetrics>;

/**
 * @param seconds that records may wait in buffers
 * @param place where they are delivered to, as metrics call it
 */
export function staleAlarm(
  told: Told,
  ofDelivery: DeliveryMetrics,
  seconds: number,
  place = 'S3',
): AlarmRule {
  return {
    ...told,
    metric: ofDelivery(`DeliveryTo${place}.DataFreshness`, 'Maximum'),
    is: 'above',
    threshold: Math.max(900, 2 * seconds),
    breaching: [2, 2],
    // Missing where nothing comes in, and where nothing at all can be delivered (Firehose docs: Data freshness
    // metric increasing or not emitted).
    withoutData: 'keeps the state',
  };
}

/** @param seconds that records may wait in buffers */
export function behindAlarm(told: Told, ofDelivery: DeliveryMetrics, seconds: number): AlarmRule {
  return {
    ...told,
    metric: ofDelivery('KinesisMillisBehindLatest', 'Maximum'),
    is: 'above',
    threshold: Math.max(300, seconds) * 1_000,
    breaching: [3, 3],
    withoutData: 'is fine',
  };
}

/** @param name of a metric that is the share of what went well */
export function notAllWellAlarm(told: Told, ofDelivery: DeliveryMetrics, name: string): AlarmRule {
  return {
    ...told,
    metric: ofDelivery(name, 'Average'),
    is: 'below',
    threshold: 1,
    breaching: [2, 2],
    withoutData: 'is fine',
  };
}
