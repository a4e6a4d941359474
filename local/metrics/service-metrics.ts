import type { Metric } from '../../alarms/evaluation/metric';

// Namespaces, names and dimensions are AWS's: the Kinesis, Lambda, Firehose and DynamoDB guides, "Monitoring … with
// CloudWatch". Of the dimensions there is one set for each metric here; a metric without it is another series, and an
// alarm on that never fires.

type StreamMetric =
  | 'IncomingRecords'
  | 'IncomingBytes'
  | 'GetRecords.IteratorAgeMilliseconds'
  | 'WriteProvisionedThroughputExceeded'
  | 'ReadProvisionedThroughputExceeded';

export const streamMetric = (StreamName: string, name: StreamMetric): Metric => ({
  namespace: 'AWS/Kinesis',
  name,
  dimensions: { StreamName },
});

type FunctionMetric =
  | 'Invocations'
  | 'Errors'
  | 'Throttles'
  | 'Duration'
  | 'IteratorAge'
  | 'DestinationDeliveryFailures'
  // Of its URL.
  | 'UrlRequestCount'
  | 'Url5xxCount';

export const functionMetric = (FunctionName: string, name: FunctionMetric): Metric => ({
  namespace: 'AWS/Lambda',
  name,
  dimensions: { FunctionName },
});

type MappingMetric =
  | 'InvokedEventCount'
  | 'FailedInvokeEventCount'
  | 'OnFailureDestinationDeliveredEventCount'
  | 'DroppedEventCount';

export const mappingMetric = (EventSourceMappingUUID: string, name: MappingMetric): Metric => ({
  namespace: 'AWS/Lambda',
  name,
  dimensions: { EventSourceMappingUUID },
});

/** What Firehose's metrics call a destination. */
export type DeliveryPlace = 'S3' | 'HttpEndpoint' | 'Splunk' | 'AmazonOpenSearchService';

type DeliveryMetric =
  | `DeliveryTo${DeliveryPlace}.${'DataFreshness' | 'Success' | 'Records'}`
  | 'BackupToS3.Success'
  | 'KinesisMillisBehindLatest'
  | 'ExecuteProcessing.Success';

export const deliveryMetric = (DeliveryStreamName: string, name: DeliveryMetric): Metric => ({
  namespace: 'AWS/Firehose',
  name,
  dimensions: { DeliveryStreamName },
});

export const tableMetric = (
  TableName: string,
  name: 'ReadThrottleEvents' | 'WriteThrottleEvents',
): Metric => ({ namespace: 'AWS/DynamoDB', name, dimensions: { TableName } });

/** By operation only: there is no series of all of them. */
export const systemErrors = (TableName: string, Operation: string): Metric => ({
  namespace: 'AWS/DynamoDB',
  name: 'SystemErrors',
  dimensions: { TableName, Operation },
});
