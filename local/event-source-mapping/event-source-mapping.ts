import { setMaxListeners } from 'node:events';
import type { CheckpointStore } from '../checkpoint-store';
import type { EventSourceMappingSpec } from '../deployment';
import type { OnFault } from '../faults/fault';
import type { RecordMetric } from '../metrics/metric-store';
import type { Shard, StreamReader } from '../stream-reader';
import type { DeliveryEvent, DeliveryPorts } from './batch-delivery';
import { defaultChoices, type MappingChoices } from './choices';
import type { EventSource } from './invocation-event';
import { checkpointKey, mappingState, type ShardCheckpoint, startPosition } from './mapping-progress';
import { type ShardConsumer, startShardConsumer } from './shard-consumer';
import { type ShardCursor, shardCursor } from './shard-cursor';

export interface EventSourceMapping {
  readonly spec: EventSourceMappingSpec;
  status(): MappingStatus;
  /**
   * Delivers all that is in the stream now without waiting for batching windows. Resolves when every shard has
   * been read to its end and nothing is under way.
   */
  drain(): Promise<void>;
  /** Ends after the invocations under way; what is not done then is delivered after the next start. */
  stop(): Promise<void>;
  /** Resolves after `stop`; rejects if the mapping cannot go on, because its place cannot be kept. */
  readonly finished: Promise<void>;
}

export interface MappingStatus extends Readonly<Record<DeliveryEvent, number>> {
  /** Age of the oldest record that was read and is not done with; 0 if there is none. */
  readonly lagMs: number;
}

export interface MappingPorts extends Pick<DeliveryPorts, 'target' | 'objects' | 'clock' | 'uuid'> {
  readonly reader: StreamReader;
  readonly checkpoints: CheckpointStore;
  readonly region: string;
  readonly choices?: MappingChoices;
  readonly onFault?: OnFault;
  /** Told of Lambda's metrics. */
  readonly record?: RecordMetric;
}

interface RunningShard {
  readonly consumer: ShardConsumer;
  readonly cursor: ShardCursor;
  /** Resolves when the shard has ended and its end is on record. */
  readonly done: Promise<void>;
}

/** Starts a mapping, or goes on with one where its checkpoints say. Shards run side by side, each in its order. */
export async function startEventSourceMapping(
  spec: EventSourceMappingSpec,
  ports: MappingPorts,
): Promise<EventSourceMapping> {
  const {
    reader,
    checkpoints,
    clock,
    choices = defaultChoices,
    onFault = () => {},
    record = () => {},
  } = ports;
  const abort = new AbortController();
  const { signal } = abort;
  // Every shard listens to it.
  setMaxListeners(0, signal);
  const counts: Record<DeliveryEvent, number> = { delivered: 0, retried: 0, discarded: 0 };
  const source: EventSource = {
    streamArn: spec.streamArn,
    roleArn: ports.target.roleArn,
    region: ports.region,
  };
  const running = new Map<string, RunningShard>();
  const ended = new Set<string>();
  const listShards = async (): Promise<readonly Shard[]> => {
    while (!signal.aborted) {
      try {
        return await reader.listShards();
      } catch (error) {
        onFault('listing the shards', error);
        await clock.sleep(choices.serviceRetryMs, signal);
      }
    }
    return [];
  };

  const state = await mappingState(spec, { checkpoints, clock, listShards });
  let nudge = new AbortController();
  signal.addEventListener('abort', () => nudge.abort());
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });

  const consume = async (
    shardId: string,
    consumer: ShardConsumer,
    last: () => ShardCheckpoint,
  ): Promise<void> => {
    await consumer.finished;
    if (signal.aborted) return;
    await checkpoints.put<ShardCheckpoint>(checkpointKey(spec, shardId), { ...last(), ended: true });
    ended.add(shardId);
    running.delete(shardId);
    nudge.abort();
  };

  const startShard = async (shardId: string): Promise<void> => {
    let checkpoint = (await checkpoints.get<ShardCheckpoint>(checkpointKey(spec, shardId))) ?? {};
    if (checkpoint.ended) {
      ended.add(shardId);
      return;
    }
    const start = startPosition(shardId, checkpoint, spec, state);
    const cursor = shardCursor(shardId, start, {
      reader,
      clock,
      signal,
      retryMs: choices.serviceRetryMs,
      onFault,
    });
    const consumer = startShardConsumer(shardId, spec, {
      ...ports,
      choices,
      onFault,
      record,
      cursor,
      source,
      signal,
      count: (event, records) => {
        counts[event] += records;
      },
      checkpoint: async (sequenceNumber) => {
        checkpoint = { sequenceNumber };
        await checkpoints.put<ShardCheckpoint>(checkpointKey(spec, shardId), checkpoint);
      },
    });
    const done = consume(shardId, consumer, () => checkpoint);
    done.catch(fail);
    running.set(shardId, { consumer, cursor, done });
  };

  /** A shard starts once its parents have ended, so that a visitor's events stay in order over a resharding. */
  const startReadyShards = async (): Promise<void> => {
    const shards = await listShards();
    const listed = new Set(shards.map(({ shardId }) => shardId));
    const isDone = (parent: string | undefined): boolean =>
      !parent || !listed.has(parent) || ended.has(parent);
    let ready: Shard[];
    do {
      ready = shards.filter(
        ({ shardId, parentShardId, adjacentParentShardId }) =>
          !running.has(shardId) &&
          !ended.has(shardId) &&
          isDone(parentShardId) &&
          isDone(adjacentParentShardId),
      );
      for (const { shardId } of ready) await startShard(shardId);
    } while (ready.length > 0);
  };

  // Both the supervision and a drain look for shards; one at a time, so that no shard starts twice.
  let discovery: Promise<void> = Promise.resolve();
  const discover = (): Promise<void> => {
    discovery = discovery.then(startReadyShards);
    return discovery;
  };

  const supervise = async (): Promise<void> => {
    while (!signal.aborted) {
      nudge = new AbortController();
      await discover();
      await clock.sleep(choices.shardDiscoveryMs, nudge.signal);
    }
    await Promise.all([...running.values()].map(({ done }) => done));
  };

  const drainShard = async ({ consumer, cursor, done }: RunningShard): Promise<void> => {
    await consumer.drain();
    if (cursor.ended()) await done;
  };

  const drain = async (): Promise<void> => {
    const drained = new Set<RunningShard>();
    for (;;) {
      await discover();
      const shards = [...running.values()].filter((shard) => !drained.has(shard));
      if (shards.length === 0) return;
      await Promise.all(shards.map(drainShard));
      for (const shard of shards) drained.add(shard);
    }
  };

  const finished = Promise.race([supervise(), failed]).finally(() => abort.abort());

  return {
    spec,
    finished,
    drain: () => Promise.race([drain(), finished]),
    status: () => {
      const arrivals = [...running.values()].map(
        ({ consumer }) => consumer.oldestPending() ?? Number.POSITIVE_INFINITY,
      );
      return { ...counts, lagMs: Math.max(clock.now() - Math.min(...arrivals), 0) };
    },
    stop: async () => {
      abort.abort();
      await finished;
    },
  };
}
