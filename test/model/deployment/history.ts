import type { AggregationSettings } from '../../../contract/aggregation-settings';
import { byRetentionSetting } from '../../../domain/counters/retention';
import type { WindowSize } from '../../../domain/counters/window';
import type { StreamPort } from '../../../recover/history/stream-port';
import type { RepairPorts } from '../../../recover/repair/repair-batch';
import { createMemoryBucket, type MemoryBucket } from '../../recover/memory-bucket';
import { dayMs, hourMs, logDays, retentionDays, type Settings } from '../settings';
import type { Process } from './process';
import type { ModelStream } from './stream';

export function aggregationSettings({ deduplicationSeconds, uniqueVisitors }: Settings): AggregationSettings {
  return {
    ...byRetentionSetting((name) => retentionDays[name.slice(0, -'RetentionDays'.length) as WindowSize]),
    minutesForDays: retentionDays.minute,
    logDays,
    maxRecordAgeSeconds: 7_200,
    deduplicationSeconds,
    uniqueVisitors,
  };
}

/**
 * What tells a command of all that the shards once held: a stream that forgets nothing stands for archive and stream
 * together, and each page that is read of it is a step.
 */
export function historyOf(
  stream: ModelStream,
  process: Process,
  now: () => number,
): Pick<RepairPorts, 'archive' | 'stream' | 'readWatermark'> {
  const port: StreamPort = {
    name: 'clicks',
    describe: async () => ({ retentionMs: 400 * dayMs, createdAt: 0 }),
    shardIds: async () => [...stream.shards.keys()].map(shardIdOf),
    async *read(shardId, from) {
      const { records } = stream.shards.get(`clicks/${shardId}`)!;
      const arrivedFrom = 'arrivedAt' in from ? from.arrivedAt : 0;
      const start = records.findIndex(({ arrivedAt }) => arrivedAt >= arrivedFrom);
      for (let next = start; next >= 0 && next < records.length; next += 5) {
        yield await process.call(async () => records.slice(next, next + 5));
      }
    },
  };
  return {
    archive: namesOfHours(stream, now),
    stream: port,
    readWatermark: async () => ({
      covers: () => false,
      hasPassed: () => false,
      readFrom: () => ({ arrivedAt: 0 }),
      describe: () => 'nothing is archived',
    }),
  };
}

/** An archive that has an empty object for each hour in which something arrived: by these a command knows the hours. */
function namesOfHours(stream: ModelStream, now: () => number): MemoryBucket {
  const bucket = createMemoryBucket(now);
  for (const { records } of stream.shards.values()) {
    for (const { arrivedAt } of records) {
      const [year, month, day, hour] = new Date(arrivedAt).toISOString().split(/[-T:]/);
      const key = `events/year=${year}/month=${month}/day=${day}/hour=${hour}/delivery-1-0`;
      bucket.objects.set(key, { body: Buffer.alloc(0), writtenAt: arrivedAt + hourMs });
    }
  }
  return bucket;
}

function shardIdOf(shard: string): string {
  return shard.split('/')[1]!;
}
