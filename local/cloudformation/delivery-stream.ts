import { applicationOf } from '../../contract/stack-outputs';
import type { DeliveryStreamSpec } from '../deployment';
import { declaredDestination, destinationProperties, readBuffering } from './destination';
import type { Targets } from './event-source-mapping';
import { readFormatConversion } from './format-conversion';
import { readProcessor } from './processor';
import type { ResolvedResource } from './resource';
import {
  booleanOf,
  checkProperties,
  harmless,
  objectOf,
  oneOf,
  only,
  optionalTextOf,
  type Place,
  type Rules,
  refuse,
  refused,
  textOf,
} from './settings';
import type { JsonObject } from './template';

const role = harmless('the laptop checks no permissions');
const notRun = refused('no such destination here');

const rules: Rules = {
  DeliveryStreamName: 'handled',
  DeliveryStreamType: only(['KinesisStreamAsSource'], 'the source is the stream'),
  KinesisStreamSourceConfiguration: 'handled',
  ExtendedS3DestinationConfiguration: 'handled',
  DeliveryStreamEncryptionConfigurationInput: harmless('encryption at rest is invisible to clients'),
  Tags: harmless('a label'),
  S3DestinationConfiguration: refused('use ExtendedS3DestinationConfiguration'),
  IcebergDestinationConfiguration: notRun,
  RedshiftDestinationConfiguration: notRun,
  ...Object.fromEntries(destinationProperties.map((name) => [name, 'handled' as const])),
};

/** Of S3 as a destination, and as the place for what another one does not take. */
const bucketRules: Rules = {
  BucketARN: 'handled',
  Prefix: 'handled',
  ErrorOutputPrefix: 'handled',
  BufferingHints: 'handled',
  CompressionFormat: 'handled',
  CloudWatchLoggingOptions: harmless('there is no CloudWatch here'),
  EncryptionConfiguration: harmless('encryption at rest is invisible to clients'),
  RoleARN: role,
};

const s3Rules: Rules = {
  ...bucketRules,
  FileExtension: 'handled',
  CustomTimeZone: 'handled',
  ProcessingConfiguration: 'handled',
  DynamicPartitioningConfiguration: 'handled',
  DataFormatConversionConfiguration: 'handled',
  S3BackupMode: only(['Disabled'], 'no backup of source records here'),
  S3BackupConfiguration: refused('no backup of source records here'),
};

/** Bounds and defaults are those of the Firehose API. */
export function readDeliveryStream(
  { name, arn, place, properties }: ResolvedResource,
  targets: Targets,
  glueTables: readonly ResolvedResource[],
): DeliveryStreamSpec {
  checkProperties(place, properties, rules);
  const [sourcePlace, source] = objectOf(place, properties, 'KinesisStreamSourceConfiguration');
  checkProperties(sourcePlace, source, { KinesisStreamARN: 'handled', RoleARN: role });
  const sourceStreamArn = textOf(sourcePlace, source, 'KinesisStreamARN');
  if (!targets.streamArns.has(sourceStreamArn)) {
    refuse(sourcePlace, 'KinesisStreamARN', sourceStreamArn, 'the ARN of a stream of the templates');
  }

  const base = {
    application: applicationOf(place.stack) ?? place.stack,
    name,
    arn,
    sourceStreamArn,
  };
  const declared = declaredDestination(place, properties);
  if (declared) {
    const { place: at, configuration, read } = declared;
    const { ExtendedS3DestinationConfiguration: s3 } = properties;
    if (s3 !== undefined) refuse(place, 'ExtendedS3DestinationConfiguration', s3, 'one destination');
    const [bucketPlace, bucket] = objectOf(at, configuration, 'S3Configuration');
    checkProperties(bucketPlace, bucket, bucketRules);
    return {
      ...base,
      ...readBucket(bucketPlace, bucket, targets),
      timeZone: 'UTC',
      ...processorOf(at, configuration, targets),
      destination: read(at, configuration),
    };
  }
  const [at, destination] = objectOf(place, properties, 'ExtendedS3DestinationConfiguration');
  checkProperties(at, destination, s3Rules);
  refuseIfEnabled(at, destination, 'DynamicPartitioningConfiguration');
  const fileExtension = optionalTextOf(at, destination, 'FileExtension');
  const parquet = readFormatConversion(at, destination, glueTables);
  return {
    ...base,
    ...readBucket(at, destination, targets),
    ...(parquet === undefined ? {} : { parquet }),
    ...(fileExtension === undefined ? {} : { fileExtension }),
    timeZone: readTimeZone(at, destination),
    ...processorOf(at, destination, targets),
  };
}

function processorOf(at: Place, destination: JsonObject, targets: Targets) {
  const processor = readProcessor(at, destination, targets);
  return processor === undefined ? {} : { processor };
}

function readBucket(at: Place, destination: JsonObject, targets: Targets) {
  const bucketArn = textOf(at, destination, 'BucketARN');
  return {
    bucket:
      targets.bucketNames.get(bucketArn) ??
      refuse(at, 'BucketARN', bucketArn, 'the ARN of a bucket of the templates'),
    prefix: optionalTextOf(at, destination, 'Prefix') ?? '',
    errorOutputPrefix: optionalTextOf(at, destination, 'ErrorOutputPrefix') ?? '',
    ...readS3Buffering(at, destination),
    compression: oneOf(at, destination, 'CompressionFormat', ['GZIP', 'UNCOMPRESSED'], 'UNCOMPRESSED'),
  };
}

function readS3Buffering(at: Place, destination: JsonObject) {
  const [, hints] = objectOf(at, destination, 'BufferingHints');
  if ((hints.SizeInMBs === undefined) !== (hints.IntervalInSeconds === undefined)) {
    refuse(at, 'BufferingHints', hints, 'both SizeInMBs and IntervalInSeconds, or neither');
  }
  return readBuffering(at, destination, { maxMiB: 128, maxSeconds: 900, seconds: 300 });
}

function readTimeZone(at: Place, destination: JsonObject): string {
  const timeZone = optionalTextOf(at, destination, 'CustomTimeZone') ?? 'UTC';
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return timeZone;
  } catch {
    return refuse(at, 'CustomTimeZone', timeZone, 'an IANA time zone such as UTC or Europe/Berlin');
  }
}

function refuseIfEnabled(at: Place, destination: JsonObject, property: string): void {
  const [place, configuration] = objectOf(at, destination, property);
  if (booleanOf(place, configuration, 'Enabled', false)) {
    refuse(at, property, destination[property], '{"Enabled": false}');
  }
}
