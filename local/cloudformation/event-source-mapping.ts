import { applicationOf } from '../../contract/stack-outputs';
import type { EventSourceMappingSpec } from '../deployment';
import type { ResolvedResource } from './resource';
import {
  booleanOf,
  checkProperties,
  harmless,
  numberOf,
  objectOf,
  oneOf,
  only,
  type Place,
  type Rules,
  refuse,
  refused,
  textOf,
} from './settings';
import type { JsonObject } from './template';

/** What a mapping may point at, by ARN. */
export interface Targets {
  readonly streamArns: ReadonlySet<string>;
  /** ARN of each function, by its name and by its ARN. */
  readonly functionArns: ReadonlyMap<string, string>;
  /** Name of each bucket, by its ARN. */
  readonly bucketNames: ReadonlyMap<string, string>;
}

const rules: Rules = {
  EventSourceArn: 'handled',
  FunctionName: 'handled',
  StartingPosition: 'handled',
  BatchSize: 'handled',
  MaximumBatchingWindowInSeconds: 'handled',
  MaximumRetryAttempts: 'handled',
  MaximumRecordAgeInSeconds: 'handled',
  BisectBatchOnFunctionError: 'handled',
  FunctionResponseTypes: 'handled',
  DestinationConfig: 'handled',
  Enabled: only([true], 'a mapping that is switched off delivers nothing'),
  ParallelizationFactor: only([1], 'a shard is processed in order'),
  TumblingWindowInSeconds: only([0], 'no tumbling windows here'),
  StartingPositionTimestamp: refused('no start at a timestamp here'),
  FilterCriteria: refused('records are not filtered here'),
  KmsKeyArn: harmless('encrypts filters, and there are none'),
  MetricsConfig: 'handled',
  Tags: harmless('a label'),
};

/** Bounds and defaults are those of the Lambda API's CreateEventSourceMapping, 60 s of age those of its guide. */
export function readEventSourceMapping(
  { name, place, properties }: ResolvedResource,
  targets: Targets,
): EventSourceMappingSpec {
  checkProperties(place, properties, rules);
  const streamArn = textOf(place, properties, 'EventSourceArn');
  if (!targets.streamArns.has(streamArn)) {
    refuse(place, 'EventSourceArn', streamArn, "a stream's own ARN (no consumer with enhanced fan-out)");
  }
  const functionName = textOf(place, properties, 'FunctionName');
  const onFailureBucket = readOnFailureBucket(place, properties, targets);
  return {
    application: applicationOf(place.stack) ?? place.stack,
    uuid: name,
    functionArn:
      targets.functionArns.get(functionName) ??
      refuse(place, 'FunctionName', functionName, 'a function of the templates (no version, no alias)'),
    streamArn,
    startingPosition: oneOf(place, properties, 'StartingPosition', ['TRIM_HORIZON', 'LATEST']),
    batchSize: numberOf(place, properties, 'BatchSize', { min: 1, max: 10_000, byDefault: 100 }),
    maximumBatchingWindowSeconds: numberOf(place, properties, 'MaximumBatchingWindowInSeconds', {
      min: 0,
      max: 300,
      byDefault: 0,
    }),
    maximumRetryAttempts: numberOf(place, properties, 'MaximumRetryAttempts', {
      min: 0,
      max: 10_000,
      or: -1,
      byDefault: -1,
    }),
    maximumRecordAgeSeconds: numberOf(place, properties, 'MaximumRecordAgeInSeconds', {
      min: 60,
      max: 604_800,
      or: -1,
      byDefault: -1,
    }),
    bisectBatchOnFunctionError: booleanOf(place, properties, 'BisectBatchOnFunctionError', false),
    reportBatchItemFailures: reportsItemFailures(place, properties),
    countsEvents: countsEvents(place, properties),
    ...(onFailureBucket === undefined ? {} : { onFailureBucket }),
  };
}

function reportsItemFailures(place: Place, properties: JsonObject): boolean {
  const types = properties.FunctionResponseTypes ?? [];
  if (Array.isArray(types) && types.every((type) => type === 'ReportBatchItemFailures'))
    return types.length > 0;
  return refuse(place, 'FunctionResponseTypes', types, '["ReportBatchItemFailures"]');
}

function countsEvents(place: Place, properties: JsonObject): boolean {
  const [configPlace, config] = objectOf(place, properties, 'MetricsConfig');
  checkProperties(configPlace, config, { Metrics: 'handled' });
  const metrics = config.Metrics ?? [];
  // The others are for Kafka.
  if (Array.isArray(metrics) && metrics.every((metric) => metric === 'EventCount')) return metrics.length > 0;
  return refuse(configPlace, 'Metrics', metrics, '["EventCount"]');
}

function readOnFailureBucket(place: Place, properties: JsonObject, targets: Targets): string | undefined {
  const [configPlace, config] = objectOf(place, properties, 'DestinationConfig');
  checkProperties(configPlace, config, {
    OnFailure: 'handled',
    OnSuccess: refused('not for event source mappings'),
  });
  const [onFailurePlace, onFailure] = objectOf(configPlace, config, 'OnFailure');
  checkProperties(onFailurePlace, onFailure, { Destination: 'handled' });
  if (onFailure.Destination === undefined) return undefined;
  const destination = textOf(onFailurePlace, onFailure, 'Destination');
  return (
    targets.bucketNames.get(destination) ??
    refuse(onFailurePlace, 'Destination', destination, 'the ARN of an S3 bucket of the templates')
  );
}
