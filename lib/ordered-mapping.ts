import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { BundledFunction } from './bundled-function';
import type { ClickStream } from './click-stream';
import type { OnFailureBucket } from './on-failure-bucket';
import { policyOf } from './role-policy';
import type { Settings } from './settings';

export interface OrderedMappingProps {
  readonly settings: Settings;
  readonly source: ClickStream;
  readonly target: BundledFunction;
  /** Where batches go that are given up. */
  readonly onFailure: OnFailureBucket;
}

/** Has a function called for the records of a stream, each shard in its order, and grants it what that takes. */
export function orderedMapping(
  scope: Construct,
  id: string,
  { settings, source, target, onFailure }: OrderedMappingProps,
): EventSourceMapping {
  onFailure.grantDeliver(target.role);
  // What a mapping calls on the function's role (AWS docs: Process Kinesis records with Lambda).
  source.grantConsume(target.role, [
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamSummary',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:ListShards',
  ]);
  const mapping = new EventSourceMapping(scope, id, {
    target: target.function,
    eventSourceArn: source.stream.streamArn,
    // Not LATEST: a mapping takes minutes to start, and would miss what arrives meanwhile.
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: settings.batchSize,
    maxBatchingWindow: Duration.seconds(settings.batchingWindowSeconds),
    // Order within a shard is what exactness rests on; see ShardOrderCheck. Scale with shards.
    parallelizationFactor: 1,
    reportBatchItemFailures: true,
    // A batch that throws is narrowed down to the record that does it, so that only this one is given up.
    bisectBatchOnError: true,
    retryAttempts: settings.retryAttempts,
    maxRecordAge: Duration.seconds(settings.maxRecordAgeSeconds),
    onFailure: onFailure.destination,
    metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
  });
  // Creating a mapping fails if the role may not read the stream yet.
  mapping.node.addDependency(policyOf(target.role));
  onFailure.emptyAfter(mapping);
  return mapping;
}
