import type { DeliveryStreamSpec, DestinationSpec } from '../deployment';
import type { DeliveryStream } from '../firehose/delivery-stream';
import type { OnDeliveryEvent } from '../firehose/events';
import type { RecordMetric } from './metric-store';
import { type DeliveryPlace, deliveryMetric } from './service-metrics';

/** Takes Firehose's metrics of what a delivery stream reports. A success is 1, a failure 0: their average is the share. */
export function deliveryMetrics(spec: DeliveryStreamSpec, record: RecordMetric): OnDeliveryEvent {
  const { name } = spec;
  const place = placeIn(spec);
  return (event) => {
    switch (event.kind) {
      case 'read':
        record(deliveryMetric(name, 'KinesisMillisBehindLatest'), event.millisBehindLatest);
        break;
      case 'invoked':
        record(deliveryMetric(name, 'ExecuteProcessing.Success'), 1);
        break;
      case 'invocation-failed':
        record(deliveryMetric(name, 'ExecuteProcessing.Success'), 0);
        break;
      case 'object-stored':
        record(deliveryMetric(name, 'DeliveryToS3.Success'), 1);
        record(deliveryMetric(name, 'DeliveryToS3.Records'), event.records);
        break;
      case 'object-failed':
        record(deliveryMetric(name, 'DeliveryToS3.Success'), 0);
        break;
      case 'delivered':
        record(deliveryMetric(name, `DeliveryTo${place}.Success`), 1);
        record(deliveryMetric(name, `DeliveryTo${place}.Records`), event.records);
        break;
      case 'delivery-failed':
        record(deliveryMetric(name, `DeliveryTo${place}.Success`), 0);
        break;
    }
  };
}

/**
 * Takes the age of the oldest record that is not delivered, in whole seconds; to be called each minute. It counts from
 * the record's arrival in the stream, where AWS counts from when Firehose took it: a second later, unless Firehose is
 * behind.
 */
export function recordFreshness({ spec, status }: DeliveryStream, record: RecordMetric, at: number): void {
  const { lagMs, bufferedRecords } = status();
  if (bufferedRecords > 0)
    record(deliveryMetric(spec.name, `DeliveryTo${placeIn(spec)}.DataFreshness`), Math.floor(lagMs / 1000), {
      at,
    });
}

/** What Firehose's metrics call the place that is delivered to. */
function placeIn({ destination }: DeliveryStreamSpec): DeliveryPlace {
  return destination ? placeNames[destination.kind] : 'S3';
}

const placeNames: Readonly<Record<DestinationSpec['kind'], DeliveryPlace>> = {
  'http-endpoint': 'HttpEndpoint',
  splunk: 'Splunk',
  opensearch: 'AmazonOpenSearchService',
};
