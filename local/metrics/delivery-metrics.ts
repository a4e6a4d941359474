import type { DeliveryStreamSpec, DestinationSpec } from '../deployment';
import type { DeliveryStream } from '../firehose/delivery-stream';
import type { OnDeliveryEvent } from '../firehose/events';
import type { RecordMetric } from './metric-store';
import { type DeliveryPlace, deliveryMetric } from './service-metrics';

/** Takes Firehose's metrics of what a delivery stream reports. A success is 1, a failure 0: their average is the share. */
export function deliveryMetrics(spec: DeliveryStreamSpec, record: RecordMetric): OnDeliveryEvent {
  const { name, destination } = spec;
  const place = placeIn(spec);
  const put = (metric: Parameters<typeof deliveryMetric>[1], value: number): void =>
    record(deliveryMetric(name, metric), value);
  const delivered = (records: number): void => {
    put(`DeliveryTo${place}.Success`, 1);
    put(`DeliveryTo${place}.Records`, records);
    // A maximum is looked at: what is left is older, and is measured each minute (`recordFreshness`). If nothing is left then,
    // this says that there was a delivery.
    put(`DeliveryTo${place}.DataFreshness`, 0);
  };
  return (event) => {
    switch (event.kind) {
      case 'read':
        put('KinesisMillisBehindLatest', event.millisBehindLatest);
        break;
      case 'invoked':
        put('ExecuteProcessing.Success', 1);
        break;
      case 'invocation-failed':
        put('ExecuteProcessing.Success', 0);
        break;
      case 'object-stored':
        if (!destination) delivered(event.records);
        else put('BackupToS3.Success', 1);
        break;
      case 'object-failed':
        put(destination ? 'BackupToS3.Success' : 'DeliveryToS3.Success', 0);
        break;
      case 'delivered':
        delivered(event.records);
        break;
      case 'delivery-failed':
        put(`DeliveryTo${place}.Success`, 0);
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
