import type { DeliveryStreamSpec, Deployment, EventSourceMappingSpec } from '../../local/deployment';
import { aggregationSettings } from './aggregation-settings-factory';

const arn = (service: string, resource: string): string =>
  `arn:aws:${service}:us-east-1:000000000000:${resource}`;

/** A deployment of one stream with both applications on it, without their functions. */
export function deployment(overrides: Partial<Deployment> = {}): Deployment {
  const stream: Deployment['stream'] = {
    name: 'clicks-1',
    arn: arn('kinesis', 'stream/clicks-1'),
    mode: 'PROVISIONED',
    shardCount: 2,
    retentionHours: 24,
  };
  const table: Deployment['table'] = {
    name: 'counters-2',
    arn: arn('dynamodb', 'table/counters-2'),
    partitionKey: 'pk',
    sortKey: 'sk',
  };
  const { aggregatorMapping = mapping(), archive = deliveryStream() } = overrides;
  return {
    region: 'us-east-1',
    accountId: '000000000000',
    stream,
    streams: [stream],
    table,
    tables: [table],
    buckets: ['archive-3', 'failures-4'].map((name) => ({ logicalId: name, name, arn: arn('s3', name) })),
    functions: [],
    schedules: [],
    functionUrls: [],
    busRules: [],
    aggregatorMapping,
    eventSourceMappings: [aggregatorMapping],
    archive,
    deliveryStreams: [archive],
    alarms: [],
    outputs: {
      'stack-11': {},
      'stack-12': {
        AggregatorSettings: JSON.stringify(aggregationSettings()),
      },
    },
    ...overrides,
  };
}

export function mapping(overrides: Partial<EventSourceMappingSpec> = {}): EventSourceMappingSpec {
  return {
    application: 'aggregation',
    uuid: '6a1f2e3d-0000-8000-8000-000000000005',
    functionArn: arn('lambda', 'function:aggregator-6'),
    streamArn: arn('kinesis', 'stream/clicks-1'),
    startingPosition: 'TRIM_HORIZON',
    batchSize: 700,
    maximumBatchingWindowSeconds: 8,
    maximumRetryAttempts: -1,
    maximumRecordAgeSeconds: 9_000,
    bisectBatchOnFunctionError: true,
    reportBatchItemFailures: true,
    countsEvents: true,
    onFailureBucket: 'failures-4',
    ...overrides,
  };
}

export function deliveryStream(overrides: Partial<DeliveryStreamSpec> = {}): DeliveryStreamSpec {
  return {
    application: 'archive',
    name: 'delivery-10',
    arn: arn('firehose', 'deliverystream/delivery-10'),
    sourceStreamArn: arn('kinesis', 'stream/clicks-1'),
    bucket: 'archive-3',
    prefix: 'clicks/year=!{timestamp:yyyy}/',
    errorOutputPrefix: 'errors/!{firehose:error-output-type}/',
    bufferSizeMiB: 11,
    bufferIntervalSeconds: 60,
    compression: 'GZIP',
    timeZone: 'UTC',
    ...overrides,
  };
}
