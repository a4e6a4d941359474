import type { CheckpointStore } from '../checkpoint-store';
import type { Clock } from '../clock';
import type { EventSourceMappingSpec } from '../deployment';
import type { Shard, StartPosition } from '../stream-reader';

/** How far a shard is done with. */
export interface ShardCheckpoint {
  readonly sequenceNumber?: string;
  readonly ended?: true;
}

/** What was there when the mapping first ran: LATEST leaves out the records, but not the shards, that came before. */
export interface MappingState {
  readonly createdAt: number;
  readonly firstShards: readonly string[];
}

interface StatePorts {
  readonly checkpoints: CheckpointStore;
  readonly clock: Clock;
  readonly listShards: () => Promise<readonly Shard[]>;
}

export function checkpointKey(spec: EventSourceMappingSpec, shardId: string): string {
  return `event-source-mapping/${spec.uuid}/${shardId}`;
}

/** What was there when the mapping first ran; the first start puts it on record. */
export async function mappingState(spec: EventSourceMappingSpec, ports: StatePorts): Promise<MappingState> {
  const key = `event-source-mapping/${spec.uuid}`;
  const known = await ports.checkpoints.get<MappingState>(key);
  if (known) return known;
  const createdAt = ports.clock.now();
  const firstShards = (await ports.listShards()).map(({ shardId }) => shardId);
  const state: MappingState = { createdAt, firstShards };
  await ports.checkpoints.put(key, state);
  return state;
}

/** Where to read a shard on from. Shards that came after the mapping are read whole, whatever its starting position is. */
export function startPosition(
  shardId: string,
  { sequenceNumber }: ShardCheckpoint,
  spec: EventSourceMappingSpec,
  state: MappingState,
): StartPosition {
  if (sequenceNumber !== undefined) return { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber };
  if (spec.startingPosition === 'TRIM_HORIZON' || !state.firstShards.includes(shardId))
    return { type: 'TRIM_HORIZON' };
  return { type: 'AT_TIMESTAMP', timestamp: state.createdAt };
}
