import { type CounterKey, counterBytes, itemId } from '../domain/counter-item';
import { notYetCounted, planWrite } from '../domain/counter-write';
import { type DuplicateFilter, type Entry, foldLines } from '../domain/fold';
import type { Position } from '../domain/position';
import type { WindowSize } from '../domain/window';
import type { ShardLine } from './history/shard-line';

/** What an item must hold, having counted all that its shard held up to its target. */
export interface RecomputedItem {
  readonly key: CounterKey;
  readonly window: WindowSize;
  readonly counts: ReadonlyMap<string, number>;
  readonly other: number;
  readonly cut: number;
  /** The last event counted, at its target or before. */
  readonly position: Position;
  /** Its arrival, in epoch milliseconds. */
  readonly lastArrivedAt: number;
  /** What the counters take, exactly. */
  readonly sizeBound: number;
}

/** Up to which position an item is to count; undefined for an item that nobody asks for. */
export type TargetOf = (key: CounterKey, window: WindowSize) => Position | undefined;

/** Lines that are folded at once, so that what has to be held of a long shard is counters and not entries. */
const linesPerFold = 2_000;

/**
 * Counts a shard's lines anew, by the fold and the cap that the aggregator counts by. An item that counts nothing up to
 * its target is not among the results.
 *
 * @param shard `stream/shardId`
 * @param lines all that the shard held from before the first event of any item that is asked for, in order
 */
export function recompute(
  shard: string,
  lines: readonly ShardLine[],
  targetOf: TargetOf,
  isDuplicate: DuplicateFilter,
): ReadonlyMap<string, RecomputedItem> {
  const recount = new Recount(shard, targetOf, isDuplicate);
  recount.add(lines);
  return recount.items;
}

/** Counts as `recompute` does, and goes on with what follows in the shard. */
export class Recount {
  private readonly open = new Map<string, OpenItem>();

  constructor(
    private readonly shard: string,
    private readonly targetOf: TargetOf,
    private readonly isDuplicate: DuplicateFilter,
  ) {}

  get items(): ReadonlyMap<string, RecomputedItem> {
    return this.open;
  }

  /** @param lines whole records, behind those added before */
  add(lines: readonly ShardLine[]): void {
    for (let start = 0; start < lines.length; ) {
      const end = endOfRecord(lines, start + linesPerFold);
      const { runs } = foldLines(this.shard, lines.slice(start, end), this.isDuplicate);
      for (const { key, window, entries } of runs) {
        const target = this.targetOf(key, window);
        if (target === undefined) continue;
        const counted = upTo(entries, target);
        if (counted.length === 0) continue;
        const id = itemId(key);
        const item = this.open.get(id) ?? new OpenItem(key, window);
        this.open.set(id, item);
        item.count(counted);
      }
      start = end;
    }
  }
}

/** The events of a record count in groups, so that a record must not be cut. */
function endOfRecord(lines: readonly ShardLine[], atLeast: number): number {
  let end = Math.min(atLeast, lines.length);
  while (end < lines.length && lines[end]!.sequenceNumber === lines[end - 1]!.sequenceNumber) end++;
  return end;
}

function upTo(entries: readonly Entry[], target: Position): readonly Entry[] {
  return entries.slice(0, entries.length - notYetCounted(entries, target).length);
}

/** An item that is still being filled. */
class OpenItem implements RecomputedItem {
  readonly counts = new Map<string, number>();
  other = 0;
  cut = 0;
  position: Position = '';
  lastArrivedAt = 0;

  constructor(
    readonly key: CounterKey,
    readonly window: WindowSize,
  ) {}

  get sizeBound(): number {
    let bytes = 0;
    for (const value of this.counts.keys()) bytes += counterBytes(value);
    return bytes;
  }

  /** @param entries not empty, behind those counted before */
  count(entries: readonly Entry[]): void {
    for (let rest = entries; rest.length > 0; ) {
      const { position, sizeBound } = this;
      const write = planWrite(rest, { position, sizeBound, values: new Set(this.counts.keys()) });
      for (const [value, count] of write.counts)
        this.counts.set(value, (this.counts.get(value) ?? 0) + count);
      this.other += write.other;
      this.cut += write.cut;
      this.position = write.last;
      this.lastArrivedAt = write.lastArrivedAt;
      rest = rest.slice(write.entries);
    }
  }
}
