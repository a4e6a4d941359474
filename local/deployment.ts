import type { Alarm } from '../alarms/evaluation/alarm';
import type { ParquetColumn } from '../analytics/duckdb/parquet';
import type { EventPattern } from './event-bus/event-pattern';

/**
 * What the synthesized templates ask for, with every reference resolved: the laptop runs this and knows
 * nothing else of the CDK app. Names and ARNs are those that the laptop gives its resources.
 *
 * There may be any number of applications. What puts in clicks, counts them and archives them has a field of its own, and
 * stands in the lists as well.
 */
export interface Deployment {
  readonly region: string;
  readonly accountId: string;
  /** The one that clicks are put into. */
  readonly stream: StreamSpec;
  readonly streams: readonly StreamSpec[];
  /** The one with the counters. */
  readonly table: TableSpec;
  readonly tables: readonly TableSpec[];
  readonly buckets: readonly BucketSpec[];
  readonly functions: readonly FunctionSpec[];
  readonly schedules: readonly ScheduleSpec[];
  readonly functionUrls: readonly FunctionUrlSpec[];
  readonly busRules: readonly BusRuleSpec[];
  /** What brings clicks to the aggregator. */
  readonly aggregatorMapping: EventSourceMappingSpec;
  readonly eventSourceMappings: readonly EventSourceMappingSpec[];
  /** What archives clicks. */
  readonly archive: DeliveryStreamSpec;
  readonly deliveryStreams: readonly DeliveryStreamSpec[];
  readonly alarms: readonly Alarm[];
  /** Stack outputs by stack name and output key, resolved. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface StreamSpec {
  readonly name: string;
  readonly arn: string;
  readonly mode: 'PROVISIONED' | 'ON_DEMAND';
  /** Shards to open; a stream on demand starts with the four that AWS gives it. */
  readonly shardCount: number;
  readonly retentionHours: number;
}

export interface TableSpec {
  readonly name: string;
  readonly arn: string;
  readonly partitionKey: string;
  readonly sortKey?: string;
}

export interface BucketSpec {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
}

export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** Absolute folder of the bundled asset. */
  readonly assetPath: string;
  /** `file.export`, as Lambda spells it: `index.handler`. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMiB: number;
}

/** An EventBridge rule that invokes a function at a fixed rate. */
export interface ScheduleSpec {
  readonly name: string;
  readonly functionArn: string;
  readonly intervalSeconds: number;
  /** The event, as JSON. */
  readonly input: string;
}

/** An EventBridge rule that puts a part of each matching event into a stream. */
export interface BusRuleSpec {
  readonly name: string;
  readonly bus: string;
  readonly pattern: EventPattern;
  readonly streamArn: string;
  /** Names from the event on: of the part that becomes the record, and of the one that becomes its key. */
  readonly inputPath: readonly string[];
  readonly partitionKeyPath: readonly string[];
}

/** An address that invokes a function for each request. */
export interface FunctionUrlSpec {
  readonly functionArn: string;
}

export interface EventSourceMappingSpec {
  /** Whose it is: `aggregation`, say. */
  readonly application: string;
  readonly uuid: string;
  readonly functionArn: string;
  readonly streamArn: string;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  readonly batchSize: number;
  readonly maximumBatchingWindowSeconds: number;
  /** Retries after the first attempt; -1 is without end. */
  readonly maximumRetryAttempts: number;
  /** -1 is without end. */
  readonly maximumRecordAgeSeconds: number;
  readonly bisectBatchOnFunctionError: boolean;
  readonly reportBatchItemFailures: boolean;
  /** Whether the mapping has metrics of its own, which count events. */
  readonly countsEvents: boolean;
  readonly onFailureBucket?: string;
}

export interface DeliveryStreamSpec {
  /** Whose it is: `archive`, say. */
  readonly application: string;
  readonly name: string;
  readonly arn: string;
  readonly sourceStreamArn: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly errorOutputPrefix: string;
  readonly bufferSizeMiB: number;
  readonly bufferIntervalSeconds: number;
  readonly compression: 'GZIP' | 'UNCOMPRESSED';
  /** Columns of Parquet, into which the transformer's lines are converted; undefined for lines as they are. */
  readonly parquet?: readonly ParquetColumn[];
  readonly fileExtension?: string;
  /** IANA name of the time zone of the prefix's timestamps. */
  readonly timeZone: string;
  readonly processor?: {
    readonly functionArn: string;
    readonly bufferSizeMiB: number;
    readonly bufferIntervalSeconds: number;
    readonly retries: number;
  };
  /** Undefined for S3. With another one, bucket and prefixes are of what it does not take. */
  readonly destination?: DestinationSpec;
}

interface BufferedDestination {
  readonly bufferSizeMiB: number;
  readonly bufferIntervalSeconds: number;
  /** How long what fails is tried again. */
  readonly retrySeconds: number;
}

export interface HttpEndpointSpec extends BufferedDestination {
  readonly kind: 'http-endpoint';
  readonly compresses: boolean;
  readonly commonAttributes: Readonly<Record<string, string>>;
  /** Whether it sends an access key. */
  readonly hasSecret: boolean;
}

export interface SplunkSpec extends BufferedDestination {
  readonly kind: 'splunk';
  readonly endpoint: 'raw' | 'event';
  /** How long it may take until Splunk says that events are indexed. */
  readonly acknowledgementSeconds: number;
}

export interface OpenSearchSpec extends BufferedDestination {
  readonly kind: 'opensearch';
  readonly index: string;
  readonly rotation: 'NoRotation' | 'OneHour' | 'OneDay' | 'OneMonth';
  /** Whether documents have ids by which a repeated one replaces itself. */
  readonly hasDocumentIds: boolean;
}

export type DestinationSpec = HttpEndpointSpec | SplunkSpec | OpenSearchSpec;
