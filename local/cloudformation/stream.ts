import type { StreamSpec } from '../deployment';
import type { ResolvedResource } from './resource';
import { checkProperties, harmless, numberOf, objectOf, oneOf, only, refuse } from './settings';

/** Shards that AWS opens for a new stream on demand. AWS docs: "Choose the right mode for your data stream". */
const onDemandShards = 4;

export function readStream({ name, arn, place, properties }: ResolvedResource): StreamSpec {
  checkProperties(place, properties, {
    Name: 'handled',
    ShardCount: 'handled',
    StreamModeDetails: 'handled',
    RetentionPeriodHours: 'handled',
    StreamEncryption: harmless('encryption at rest is invisible to clients'),
    DesiredShardLevelMetrics: harmless('there is no CloudWatch here'),
    WarmThroughputMiBps: harmless('nothing throttles here'),
    MaxRecordSizeInKiB: only([1024], 'the stream takes records of at most 1 MiB'),
    RecordDistributionStrategy: only(['PARTITION_KEY'], "a visitor's clicks stay in order"),
    Tags: harmless('a label'),
  });
  const [modePlace, modeDetails] = objectOf(place, properties, 'StreamModeDetails');
  checkProperties(modePlace, modeDetails, { StreamMode: 'handled' });
  const mode = oneOf(modePlace, modeDetails, 'StreamMode', ['PROVISIONED', 'ON_DEMAND'], 'PROVISIONED');
  if (mode === 'ON_DEMAND' && properties.ShardCount !== undefined) {
    refuse(place, 'ShardCount', properties.ShardCount, 'leave it out with ON_DEMAND');
  }
  return {
    name,
    arn,
    mode,
    shardCount:
      mode === 'ON_DEMAND'
        ? onDemandShards
        : numberOf(place, properties, 'ShardCount', { min: 1, max: 10_000, byDefault: 1 }),
    retentionHours: numberOf(place, properties, 'RetentionPeriodHours', {
      min: 24,
      max: 8_760,
      byDefault: 24,
    }),
  };
}
