import { setMaxListeners } from 'node:events';
import { type ItemAddress, mergedItem, type PendingPart, partsOf } from '../domain/counters/item';
import type { Place } from '../domain/counters/log-place';
import type { RetentionDays } from '../domain/counters/retention';
import { itemKey, keyId, type TableKey } from '../domain/counters/table-layout';
import { forEachConcurrently } from '../domain/function/concurrency';
import type { LogTable, ShardEntry, StoredDelta, StoredItem } from './log-table';
import { endOf, LogGapError, pendingDeltas } from './pending-log';

export interface CompactOptions {
  readonly retentionDays: RetentionDays;
  /** Age at which a delta is folded into the items. */
  readonly compactionSeconds: number;
  /** How long deltas live; from it and a delta's time to live follows when it was put. */
  readonly logDays: number;
  readonly limits?: CompactLimits;
}

export interface CompactLimits {
  /** Items that one piece of work touches; a single delta may touch more. */
  readonly items: number;
  /** Bytes of pending bodies at which a shard is compacted, however young they are. */
  readonly pendingBytes: number;
  /** Bytes of bodies that are held at once: those of a long log would not fit into memory. */
  readonly bytesRead?: number;
}

const defaultBytesRead = 8_000_000;
const defaultLimits: CompactLimits = { items: 16_000, pendingBytes: 1_000_000 };

export interface CompactPorts {
  readonly table: LogTable;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What a compaction of one shard has done, and what is left. */
export interface Compacted {
  readonly deltas: number;
  readonly items: number;
  /** Puts that were repeated because somebody else had written the item. */
  readonly retried: number;
  /** Deltas left for later, because they are young or the time was over; of a long log, those that were read. */
  readonly pending: number;
  /** Milliseconds since the oldest of them was put; 0 without any. */
  readonly oldestPendingMs: number;
  /** Whether the log lacks a delta; then nothing behind it was compacted. */
  readonly hasGap: boolean;
}

/** Folds the logs of shards into the items. One object a function; it keeps the pending deltas that it has read. */
export interface Compactor {
  /**
   * Compacts one shard, in pieces, as long as its deltas are old enough. If it is killed, the next compaction continues;
   * two at once are harmless.
   *
   * @param everything takes deltas however young they are
   * @param signal ends the work behind the piece under way
   * @throws whatever the table throws
   */
  compact(entry: ShardEntry, everything: boolean, signal: AbortSignal): Promise<Compacted>;
}

/** Items under way at once. */
const concurrentPuts = 16;
/** Items that are held in memory at once. */
const itemsAtOnce = 100;

export function createCompactor(ports: CompactPorts, options: CompactOptions): Compactor {
  const { table, now } = ports;
  const { compactionSeconds, logDays, retentionDays, limits = defaultLimits } = options;
  /** The pending deltas of each shard, as far as they were read. */
  const known = new Map<string, readonly StoredDelta[]>();

  const ageOf = ({ expiresAt }: StoredDelta): number =>
    Math.max(now() - (expiresAt - logDays * 86_400) * 1000, 0);

  /** Of the oldest. It is not always the first: one that was put under longer `logDays` seems younger than it is. */
  const oldestAge = (pending: readonly StoredDelta[]): number =>
    pending.reduce((oldest, delta) => Math.max(oldest, ageOf(delta)), 0);

  /** Of what it has read before, what is still pending. */
  function knownOf({ shardKey, compactedTo }: ShardEntry): readonly StoredDelta[] {
    const before = known.get(shardKey) ?? [];
    const start = before.findIndex(({ predecessor }) => predecessor === compactedTo);
    return start < 0 ? [] : before.slice(start);
  }

  /** Reads on behind what is known; of a long log a part, so that the rest waits in the table. */
  async function readOn(
    { shardKey, compactedTo }: ShardEntry,
    pending: readonly StoredDelta[],
    signal: AbortSignal,
  ): Promise<PendingDeltas> {
    const deltas = [...pending];
    let bytes = 0;
    for await (const delta of pendingDeltas(table, shardKey, endOf(compactedTo, pending), signal)) {
      if (bytes >= (limits.bytesRead ?? defaultBytesRead)) return { deltas, isAll: false };
      deltas.push(delta);
      bytes += delta.bodyBytes;
    }
    return { deltas, isAll: true };
  }

  return {
    async compact(entry, everything, signal) {
      setMaxListeners(0, signal);
      const { shardKey } = entry;
      const done = { deltas: 0, items: 0, retried: 0 };
      let at = entry;
      let pending: PendingDeltas = { deltas: knownOf(entry), isAll: false };
      let hasGap = false;
      try {
        pending = await readOn(at, pending.deltas, signal);
        if (pending.deltas.length === 0 && entry.activeUntil < now() && !entry.isSettled) {
          await table.settleEntry(shardKey, entry.activeUntil, signal);
        }
        while (pending.deltas.length > 0 && (everything || isDue(pending.deltas)) && !signal.aborted) {
          const piece = takePiece(pending.deltas, limits.items);
          const { retried } = await writePiece(shardKey, piece, signal);
          const place = piece.deltas.at(-1)!.last;
          const arrivals = piece.deltas.map(({ arrivedAt }) => arrivedAt);
          const countedUntil = Math.max(at.countedUntil ?? 0, ...arrivals);
          await table.moveCompacted(shardKey, { place, countedUntil, at: now() }, signal);
          at = { ...at, compactedTo: place, countedUntil };
          pending = { ...pending, deltas: pending.deltas.slice(piece.deltas.length) };
          done.deltas += piece.deltas.length;
          done.items += piece.items.length;
          done.retried += retried;
          if (pending.deltas.length === 0 && !pending.isAll) pending = await readOn(at, [], signal);
        }
      } catch (error) {
        if (error instanceof LogGapError) hasGap = true;
        // The time is over. What is done is in the table; what is left is reported.
        else if (!signal.aborted) throw error;
      }
      known.set(shardKey, hasGap ? [] : pending.deltas);
      const oldestPendingMs = oldestAge(pending.deltas);
      return { ...done, pending: pending.deltas.length, oldestPendingMs, hasGap };
    },
  };

  function isDue(pending: readonly StoredDelta[]): boolean {
    if (oldestAge(pending) >= compactionSeconds * 1000) return true;
    let bytes = 0;
    for (const { bodyBytes } of pending) bytes += bodyBytes;
    return bytes >= limits.pendingBytes;
  }

  /** Brings every item that the piece touches to the piece's end. */
  async function writePiece(
    shardKey: string,
    { deltas, items }: Piece,
    signal: AbortSignal,
  ): Promise<{ readonly retried: number }> {
    const end = deltas.at(-1)!.last;
    let retried = 0;
    for (let begin = 0; begin < items.length; begin += itemsAtOnce) {
      const some = items.slice(begin, begin + itemsAtOnce).map(({ address, parts }) => ({
        key: itemKey(address, shardKey),
        parts,
      }));
      const found = await table.items(
        some.map(({ key }) => key),
        signal,
      );
      const stored = new Map(found.map((item) => [keyId(item.key), item]));
      await forEachConcurrently(some, concurrentPuts, async ({ key, parts }) => {
        retried += await bringTo(end, key, stored.get(keyId(key)), parts, signal);
      });
    }
    return { retried };
  }

  /** Returns how often it was refused. */
  async function bringTo(
    end: Place,
    key: TableKey,
    read: StoredItem | undefined,
    parts: readonly PendingPart[],
    signal: AbortSignal,
  ): Promise<number> {
    let stored = read;
    for (let refused = 0; ; refused++) {
      if (stored && stored.item.seq >= end) return refused;
      const readSeq = stored?.item.seq;
      const merged = mergedItem(stored?.item, parts, end, { retentionDays, now: now() });
      // What has expired already is not brought back.
      if (!merged) return refused;
      if (await table.putItem(key, merged, readSeq, signal)) return refused;
      [stored] = await table.items([key], signal);
    }
  }
}

/** Deltas of a shard that are not in the items yet. */
interface PendingDeltas {
  readonly deltas: readonly StoredDelta[];
  /** Whether there were no more when they were read. */
  readonly isAll: boolean;
}

/** Some deltas from the first, and what they add to each item that they touch. */
interface Piece {
  readonly deltas: readonly StoredDelta[];
  readonly items: readonly TouchedItem[];
}

interface TouchedItem {
  readonly address: ItemAddress;
  readonly parts: readonly PendingPart[];
}

/** As many deltas as stay within so many items; one at least. */
function takePiece(pending: readonly StoredDelta[], mostItems: number): Piece {
  const touched = new Map<string, { readonly address: ItemAddress; readonly parts: PendingPart[] }>();
  let taken = 0;
  for (const delta of pending) {
    const parts = partsOf(delta.content());
    let more = 0;
    for (const id of parts.keys()) if (!touched.has(id)) more++;
    if (taken > 0 && touched.size + more > mostItems) break;
    for (const [id, part] of parts) {
      const known = touched.get(id);
      const pendingPart = { part, last: delta.last, arrivedAt: delta.arrivedAt };
      if (known) known.parts.push(pendingPart);
      else touched.set(id, { address: part.address, parts: [pendingPart] });
    }
    taken++;
  }
  return { deltas: pending.slice(0, taken), items: [...touched.values()] };
}
