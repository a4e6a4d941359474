import type { Clock } from '../clock';
import type { DrainRequest } from './drain';
import type { Progress } from './progress';
import type { ShardWorker } from './shard-worker';

export interface ShardSet {
  /** Resolves when all that the stream held at the call has gone through the transformer. */
  drain(): Promise<void>;
  oldestArrival(): number | undefined;
  /** When the first of what waits for the transformer is given to it; infinite if nothing waits. */
  transformsAt(): number;
  /** Wakes all workers, so that they see an aborted signal. Resolves when they have ended. */
  ended(): Promise<void>;
}

export interface ShardSetContext {
  /** `undefined` when the signal aborted before the stream answered. */
  readonly listShardIds: () => Promise<readonly string[] | undefined>;
  readonly startWorker: (shardId: string, drainRequest: () => DrainRequest) => ShardWorker;
  readonly progress: Progress;
  readonly clock: Clock;
  readonly listIntervalMs: number;
  readonly signal: AbortSignal;
  readonly onCrash: (error: unknown) => void;
}

/** A worker for each shard that the stream has and that is not finished, found by listing the shards. */
export function startShardSet(context: ShardSetContext): ShardSet {
  const { listShardIds, startWorker, progress, clock, listIntervalMs, signal, onCrash } = context;
  const workers = new Map<string, ShardWorker>();
  let request: DrainRequest = { ticket: 0, requestedAt: 0 };

  const discover = async () => {
    if (signal.aborted) return;
    const shardIds = await listShardIds();
    if (!shardIds || signal.aborted) return;
    progress.keepOnly(shardIds);
    for (const shardId of shardIds) {
      if (workers.has(shardId) || progress.isFinished(shardId)) continue;
      const worker = startWorker(shardId, () => request);
      workers.set(shardId, worker);
      // A shard ends because it was split or merged: its children are there already.
      worker.done.then(discover).catch(onCrash);
    }
  };
  const discoverNowAndThen = async () => {
    while (!signal.aborted) {
      await discover();
      await clock.sleep(listIntervalMs, signal);
    }
  };
  const poke = () => {
    for (const worker of workers.values()) worker.poke();
  };
  const discovering = discoverNowAndThen().catch(onCrash);

  return {
    drain: async () => {
      const ticket = request.ticket + 1;
      request = { ticket, requestedAt: clock.now() };
      await discover();
      poke();
      for (let served = -1; served < workers.size; ) {
        served = workers.size;
        await Promise.all([...workers.values()].map((worker) => worker.served(ticket)));
        await discover();
      }
    },
    oldestArrival: () => {
      const arrivals = [...workers.values()].map((worker) => worker.oldestArrival());
      const known = arrivals.filter((arrival) => arrival !== undefined);
      return known.length > 0 ? Math.min(...known) : undefined;
    },
    transformsAt: () =>
      [...workers.values()].reduce((first, worker) => Math.min(first, worker.transformsAt()), Infinity),
    ended: async () => {
      poke();
      await Promise.allSettled([discovering, ...[...workers.values()].map((worker) => worker.done)]);
    },
  };
}
