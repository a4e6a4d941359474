import { type Clock, elapsedMs } from '../../../cli/clock';
import { createShardMap, type Shard, type ShardMap } from './shard-map';

export interface ShardDirectoryPorts {
  readonly clock: Clock;
  /** Reads the list of open shards; may reject. */
  list(): Promise<readonly Shard[]>;
  /** Told each map that differs from the one before. */
  changed(map: ShardMap): void;
}

/** The newest known shard map of a stream. */
export interface ShardDirectory {
  /** Undefined before the first list, and while none can be had. */
  map(): ShardMap | undefined;
  /** Why there is no map, after the first attempt to get one. */
  error(): Error | undefined;
  has(shardId: string | undefined): boolean;
  /**
   * Reads the list again, from now on. Not if that brought nothing new less than a second ago: a list that
   * contradicts what Kinesis answers, and keeps to it, must not make a request of each answer. Never rejects:
   * the map stays as it was.
   */
  refresh(): Promise<void>;
  /** As `refresh`, if the list was read more than a minute ago. */
  refreshIfOld(): Promise<void>;
}

const leastMs = 1000;
const oldMs = 60_000;

export function createShardDirectory({ clock, list, changed }: ShardDirectoryPorts): ShardDirectory {
  let map: ShardMap | undefined;
  let error: Error | undefined;
  let ids: ReadonlySet<string> = new Set();
  let readAt = Number.NEGATIVE_INFINITY;
  let inVainAt = Number.NEGATIVE_INFINITY;
  let underWay: Promise<void> | undefined;

  const read = async () => {
    readAt = elapsedMs(clock);
    try {
      const next = createShardMap(await list());
      error = undefined;
      if (map && describe(map) === describe(next)) return;
      map = next;
      ids = new Set(next.shards.map(({ id }) => id));
      changed(next);
    } catch (failure) {
      error = failure instanceof Error ? failure : new Error(String(failure));
    } finally {
      underWay = undefined;
    }
  };

  return {
    map: () => map,
    error: () => error,
    has: (shardId) => shardId !== undefined && ids.has(shardId),
    async refresh() {
      if (elapsedMs(clock) - inVainAt < leastMs) return;
      // A list that is being read may be from before what the caller has seen.
      await underWay;
      const before = map;
      underWay ??= read();
      await underWay;
      if (map === before) inVainAt = elapsedMs(clock);
    },
    async refreshIfOld() {
      if (elapsedMs(clock) - readAt < oldMs) return;
      underWay ??= read();
      await underWay;
    },
  };
}

function describe({ shards }: ShardMap): string {
  return shards.map(({ id, lastHash }) => `${id} ${lastHash}`).join();
}
