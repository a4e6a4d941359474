import type { AggregationSettings } from '../contract/aggregation-settings';
import { logBegin, type Place } from '../domain/counters/log-place';
import type { LogTable } from '../table/log-table';
import { readView } from '../table/view';
import type { StreamPort } from './history/stream-port';

/** A shard that holds records which are not counted. */
export interface UncountedShard {
  readonly shardId: string;
  /** When the first of them arrived, in epoch milliseconds. */
  readonly arrivedAt: number;
  /** By when it is counted or given up. */
  readonly dueBy: number;
}

export interface UncountedPorts {
  readonly table: LogTable;
  readonly stream: StreamPort;
  readonly settings: AggregationSettings;
  readonly now: () => number;
}

/** Up to where each shard's log has counted, by shard key. */
export async function readTails(
  ports: Pick<UncountedPorts, 'table' | 'now'>,
): Promise<ReadonlyMap<string, Place>> {
  const { shards } = await readView([], ports);
  return new Map(shards.map(({ shardKey, tail }) => [shardKey, tail] as const));
}

/** Shards of the stream whose next record is not counted yet: what a mapping would begin with now. */
export async function readUncounted(ports: UncountedPorts): Promise<readonly UncountedShard[]> {
  const { stream, settings } = ports;
  const tails = await readTails(ports);
  const uncounted: UncountedShard[] = [];
  for (const shardId of await stream.shardIds()) {
    const tail = tails.get(`${stream.name}/${shardId}`) ?? logBegin;
    const [, sequenceNumber] = tail.split(':');
    const from = sequenceNumber === undefined ? { arrivedAt: 0 } : { after: sequenceNumber };
    for await (const [first] of stream.read(shardId, from)) {
      if (!first) continue;
      const { arrivedAt } = first;
      uncounted.push({ shardId, arrivedAt, dueBy: arrivedAt + settings.maxRecordAgeSeconds * 1_000 });
      break;
    }
  }
  return uncounted;
}
