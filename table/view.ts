import {
  addressId,
  type Item,
  type ItemAddress,
  type ItemContent,
  type MergeOptions,
  mergedItem,
  type PendingPart,
  partsOf,
} from '../domain/counters/item';
import { furtherOf, type Place } from '../domain/counters/log-place';
import { keptForever, type RetentionDays } from '../domain/counters/retention';
import { itemPartition, readItemKey } from '../domain/counters/table-layout';
import { formatWindow, type WindowSize } from '../domain/counters/window';
import type { ItemRange, LogTable, ShardEntry, StoredDelta, StoredItem } from './log-table';
import { compactedTo, endOf, LogGapError, readPending } from './pending-log';

/** Windows of one group of dimensions, or of one kind of sketches. */
export interface WindowQuery {
  readonly group: string;
  /** Into how many items a window is divided. */
  readonly buckets: number;
  readonly size: WindowSize;
  /** Epoch milliseconds; windows that start at or after this. Without it, from the first. */
  readonly from?: number;
  /** Epoch milliseconds; windows that start before this. Without it, to the last. */
  readonly to?: number;
}

/** What one shard counted in one window. */
export interface ViewedItem extends ItemAddress {
  readonly shardKey: string;
  readonly content: ItemContent;
  /** The place up to which deltas are in it. */
  readonly seq: Place;
  /** Epoch seconds; what is pending adds to it only where `retentionDays` is known. */
  readonly expiresAt: number;
}

/** Up to where the view of a shard goes: everything that was appended up to there is in it, and nothing else. */
export interface ViewedShard {
  readonly shardKey: string;
  readonly tail: Place;
  /** The latest arrival in it, in epoch milliseconds; undefined if it has none. */
  readonly countedUntil: number | undefined;
}

export interface View {
  readonly items: readonly ViewedItem[];
  readonly shards: readonly ViewedShard[];
}

export interface ViewPorts {
  readonly table: LogTable;
  /** Epoch milliseconds. What is past its time to live by then is left out, since DynamoDB deletes it late. */
  readonly now: () => number;
  /** Without it, the expiry of pending windows is not known, and they are shown until they are compacted. */
  readonly retentionDays?: RetentionDays;
}

/** Keeps what it has read, and reads with each refresh only what the logs have behind it. */
export interface Follower {
  /**
   * What it returned before may change with it.
   *
   * @param log where to read what is new, if not in the table itself: `sharedLog`
   */
  refresh(signal?: AbortSignal, log?: LogTable): Promise<View>;
}

/**
 * Reads windows as they stand: the items, and the deltas that are not in them yet. All that it shows of a shard is what
 * the shard's log had at one moment, so that a report adds up: the sum of the pages is the total.
 *
 * @throws LogGapError if a log lacks a delta
 */
export async function readView(
  queries: readonly WindowQuery[],
  ports: ViewPorts,
  signal?: AbortSignal,
): Promise<View> {
  return viewOf(await load(queries, ports, signal), ports.now());
}

/** How long a follower uses what it has read. Then it reads anew, since only compaction knows when its items expire. */
const followMs = 3_600_000;

/** Like `readView`, repeatedly, at a fraction of its read units. */
export function createFollower(queries: readonly WindowQuery[], ports: ViewPorts): Follower {
  let state: State | undefined;
  let loadedAt = 0;
  const begin = async (signal: AbortSignal | undefined): Promise<State> => {
    loadedAt = ports.now();
    state = await load(queries, ports, signal);
    return state;
  };
  return {
    async refresh(signal, log = ports.table) {
      const before = ports.now() - loadedAt < followMs ? state : undefined;
      // Killed half way, it may have counted a part of what is new.
      state = undefined;
      try {
        if (before && (await followOn(before, queries, { ...ports, table: log }, signal))) state = before;
      } catch (error) {
        // The last refresh was longer ago than deltas live.
        if (!(error instanceof LogGapError)) throw error;
      }
      return viewOf(state ?? (await begin(signal)), ports.now());
    },
  };
}

/** What is known of a shard, all of it up to the tail. */
interface ShardState {
  tail: Place;
  countedUntil: number | undefined;
  readonly items: Map<string, { readonly address: ItemAddress; item: Item }>;
}

type State = Map<string, ShardState>;

async function load(
  queries: readonly WindowQuery[],
  { table, now, retentionDays = keptForever }: ViewPorts,
  signal: AbortSignal | undefined,
): Promise<State> {
  // Entries first: what is compacted after this is still in the log.
  const logs = new Map<string, ReadLog>();
  const readLog = async (shardKey: string, entry: ShardEntry | undefined): Promise<void> => {
    const from = compactedTo(entry);
    const deltas = entry?.isSettled ? [] : await readPending(table, shardKey, from, signal);
    logs.set(shardKey, { from, countedUntil: entry?.countedUntil, deltas });
  };
  await Promise.all((await table.entries(signal)).map((entry) => readLog(entry.shardKey, entry)));
  const stored = await readItems(queries, table, signal);

  for (const { address, item } of stored) {
    const { shardKey } = address;
    // It had no entry when they were read, so nothing of it was compacted before the first item was read.
    if (!logs.has(shardKey)) await readLog(shardKey, undefined);
    const log = logs.get(shardKey)!;
    const tail = endOf(log.from, log.deltas);
    // Compacted meanwhile with deltas that the other items do not have: those are read as well, for all items.
    if (item.seq > tail) {
      for (const delta of await readPending(table, shardKey, tail, signal)) log.deltas.push(delta);
    }
  }

  const state: State = new Map();
  for (const [shardKey, { from, countedUntil, deltas }] of logs) {
    state.set(shardKey, { tail: from, countedUntil, items: new Map() });
    const shard = state.get(shardKey)!;
    for (const { address, item } of stored) {
      if (address.shardKey === shardKey) shard.items.set(addressId(address), { address, item });
    }
    addDeltas(shard, deltas, queries, { retentionDays, now: now() });
  }
  return state;
}

/** Brings a state up to date; returns false if it has to be read anew. */
async function followOn(
  state: State,
  queries: readonly WindowQuery[],
  { table, now, retentionDays = keptForever }: ViewPorts,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const entries = await table.entries(signal);
  // Of a shard that is new, and has items already, those would have to be read.
  if (entries.some(({ shardKey, compactedAt }) => !state.has(shardKey) && compactedAt !== undefined))
    return false;
  await Promise.all(
    entries.map(async ({ shardKey, compactedTo: from, isSettled }) => {
      let shard = state.get(shardKey);
      if (!shard) {
        shard = { tail: from, countedUntil: undefined, items: new Map() };
        state.set(shardKey, shard);
      }
      if (isSettled && from <= shard.tail) return;
      const deltas = await readPending(table, shardKey, shard.tail, signal);
      addDeltas(shard, deltas, queries, { retentionDays, now: now() });
    }),
  );
  return true;
}

interface ReadLog {
  readonly from: Place;
  readonly countedUntil: number | undefined;
  readonly deltas: StoredDelta[];
}

function addDeltas(
  shard: ShardState,
  deltas: readonly StoredDelta[],
  queries: readonly WindowQuery[],
  options: MergeOptions,
): void {
  const isWanted = wantedBy(queries);
  const byItem = new Map<string, { readonly address: ItemAddress; readonly parts: PendingPart[] }>();
  for (const { last, arrivedAt, content } of deltas) {
    for (const [id, part] of partsOf(content(), isWanted)) {
      const known = byItem.get(id) ?? { address: part.address, parts: [] };
      byItem.set(id, known);
      known.parts.push({ part, last, arrivedAt });
    }
    shard.tail = furtherOf(shard.tail, last);
    shard.countedUntil = Math.max(shard.countedUntil ?? arrivedAt, arrivedAt);
  }
  for (const [id, { address, parts }] of byItem) {
    const held = shard.items.get(id)?.item;
    const seq = furtherOf(shard.tail, held?.seq ?? shard.tail);
    const item = mergedItem(held, parts, seq, options);
    if (item) shard.items.set(id, { address, item });
  }
}

function viewOf(state: State, now: number): View {
  const items: ViewedItem[] = [];
  const shards: ViewedShard[] = [];
  for (const [shardKey, { tail, countedUntil, items: held }] of state) {
    shards.push({ shardKey, tail, countedUntil });
    for (const { address, item } of held.values()) {
      if (item.expiresAt * 1000 > now) items.push({ ...address, shardKey, ...item });
    }
  }
  return { items, shards };
}

function wantedBy(queries: readonly WindowQuery[]): (address: Omit<ItemAddress, 'bucket'>) => boolean {
  return ({ group, size, start }) =>
    queries.some(
      (query) =>
        query.group === group &&
        query.size === size &&
        start >= (query.from ?? Number.NEGATIVE_INFINITY) &&
        start < (query.to ?? Number.POSITIVE_INFINITY),
    );
}

async function readItems(
  queries: readonly WindowQuery[],
  table: LogTable,
  signal: AbortSignal | undefined,
): Promise<{ readonly address: ItemAddress & { readonly shardKey: string }; readonly item: Item }[]> {
  const ranges = queries.flatMap((query) =>
    Array.from({ length: query.buckets }, (_, bucket) => rangeOf(query, bucket)),
  );
  const found = await Promise.all(
    ranges.map(async (range) => {
      const items: StoredItem[] = [];
      for await (const item of table.itemsIn(range, signal)) items.push(item);
      return items;
    }),
  );
  return found.flat().flatMap(({ key, item }) => {
    const address = readItemKey(key);
    return address ? [{ address, item }] : [];
  });
}

/** A sort key goes on after its window, so it is above the bare window: `from` is in, `to` is out. */
function rangeOf({ group, size, from, to }: WindowQuery, bucket: number): ItemRange {
  return {
    pk: itemPartition(group, bucket),
    from: from === undefined ? `${size}#` : `${size}#${ceilToSecond(from)}`,
    to: to === undefined ? `${size}$` : `${size}#${ceilToSecond(to)}`,
  };
}

/** Windows start at whole seconds, so a bound between two of them is as good as the later one. */
function ceilToSecond(at: number): string {
  return formatWindow(Math.ceil(at / 1000) * 1000);
}
