import { AggregatesTable as attributes } from '../../domain/counter-item';
import type { Hash64 } from '../../domain/hash64';
import { emptySketch, type Precision, type Sketch, touch, touchOf } from '../../domain/sketch';
import { encodeSketch } from '../../domain/sketch-bytes';
import { maxSketches, UniqueAttributes, uniqueKey } from '../../domain/unique-item';
import { windowStart } from '../../domain/window';
import { type ClickPool, simulatedShard, type UniqueKind } from './click-pool';
import { attributeBytes, itemBytes, readUnits, storedOverheadBytes, writeUnits } from './item-size';
import { type DrawnClick, salted, type TablePart } from './table-part';

interface HeldSketch {
  readonly attribute: string;
  readonly sketch: Sketch;
  bytes: number;
  isStale: boolean;
}

interface TimedItem {
  readonly kind: number;
  readonly start: number;
  /** By the pool's number of the sketch; those without room share one. */
  readonly sketches: Map<number, HeldSketch>;
  /** Of its keys and of what every write sets but the version. */
  readonly fixedBytes: number;
  version: number;
  hasChanged: boolean;
  isTouched: boolean;
}

/** Epoch seconds to the day, as they are; the zeros at its end take no room. */
const anExpiry = String(20_454 * 86_400);

/** The number of the sketch of all values without room; the pool's begin at 0. */
const withoutRoom = -1;

/**
 * The sketches of distinct visitors and sessions: an item is put whole when a batch changes it, as `itemAfter` does,
 * but without decoding what was encoded before. The function that writes knows what the table holds, except for an
 * item that is new.
 *
 * @param counts which kinds of the pool are counted
 */
export function uniquePart(pool: ClickPool, counts: (kind: UniqueKind) => boolean): TablePart {
  const counted = pool.uniqueKinds.map(counts);
  const items: TimedItem[] = [];
  const latest: TimedItem[] = [];
  const lateWrites = new Map<number, number>();
  let touched: TimedItem[] = [];
  let late = new Map<string, { kind: number; touches: number }>();
  let writes = 0;
  let writeUnitSum = 0;
  let readUnitSum = 0;
  /** By kind, of the batches so far: how often a click has changed a sketch. */
  const changes: { seen: number; changed: number }[] = pool.uniqueKinds.map(() => ({ seen: 0, changed: 0 }));

  const itemOf = (kind: number, at: number): TimedItem => {
    const { window } = pool.uniqueKinds[kind]!;
    const start = windowStart(window, at);
    const known = latest[kind];
    if (known?.start === start) return known;
    const made = newItem(pool.uniqueKinds[kind]!, kind, start);
    items.push(made);
    latest[kind] = made;
    return made;
  };
  const take = (item: TimedItem, kind: number, sketch: number, hash: Hash64): boolean => {
    const { precision } = pool.uniqueKinds[kind]!.unique;
    const held = item.sketches.get(sketch) ?? addSketch(item, sketch, precision);
    if (!touch(held.sketch, touchOf(precision, hash))) return false;
    held.isStale = true;
    item.hasChanged = true;
    return true;
  };
  const addSketch = ({ sketches }: TimedItem, sketch: number, precision: Precision): HeldSketch => {
    const named = sketches.size - (sketches.has(withoutRoom) ? 1 : 0);
    const key = named < maxSketches ? sketch : withoutRoom;
    const attribute = key === withoutRoom ? UniqueAttributes.other : pool.sketches[sketch]!;
    const held = sketches.get(key) ?? {
      attribute,
      sketch: emptySketch(precision),
      bytes: 0,
      isStale: true,
    };
    sketches.set(key, held);
    return held;
  };
  const eachUnique = (
    { click, salt }: DrawnClick,
    use: (kind: number, sketch: number, hash: Hash64) => void,
  ): void => {
    for (const { kind, sketch, hash } of click.unique) {
      if (counted[kind]) use(kind, sketch, salted(hash, salt));
    }
  };

  return {
    add(drawn, at) {
      eachUnique(drawn, (kind, sketch, hash) => {
        const item = itemOf(kind, at);
        if (!item.isTouched) touched.push(item);
        item.isTouched = true;
        const change = changes[kind]!;
        change.seen++;
        if (take(item, kind, sketch, hash)) change.changed++;
      });
    },
    addLate(drawn, happenedAt) {
      eachUnique(drawn, (kind) => {
        const id = `${kind}|${windowStart(pool.uniqueKinds[kind]!.window, happenedAt)}`;
        const known = late.get(id) ?? { kind, touches: 0 };
        known.touches++;
        late.set(id, known);
      });
    },
    endBatch(weight) {
      for (const item of touched) {
        if (item.version === 0) readUnitSum += weight * readUnits(0);
        if (item.hasChanged) {
          item.version++;
          writes += weight;
          writeUnitSum += weight * writeUnits(bytesOf(item));
        }
        item.hasChanged = false;
        item.isTouched = false;
      }
      for (const { kind, touches } of late.values()) {
        const { seen, changed } = changes[kind]!;
        const changing = seen === 0 ? 1 : 1 - (1 - changed / seen) ** touches;
        lateWrites.set(kind, (lateWrites.get(kind) ?? 0) + weight * changing);
      }
      touched = [];
      late = new Map();
    },
    grow(drawn, at) {
      eachUnique(drawn, (kind, sketch, hash) => take(itemOf(kind, at), kind, sketch, hash));
    },
    charges() {
      let hour = 0;
      const largest = new Map<number, number>();
      for (const item of items) {
        const bytes = bytesOf(item);
        const days = pool.uniqueKinds[item.kind]!.window === 'day' ? 1 / 24 : 1;
        hour += days * (bytes + storedOverheadBytes);
        largest.set(item.kind, Math.max(bytes, largest.get(item.kind) ?? 0));
      }
      let lateUpdates = 0;
      let lateUnits = 0;
      for (const [kind, weight] of lateWrites) {
        lateUpdates += weight;
        lateUnits += weight * writeUnits(largest.get(kind) ?? 0);
      }
      return {
        writes: writes + lateUpdates,
        writeUnits: writeUnitSum + lateUnits,
        readUnits: readUnitSum,
        storedBytes: { minute: 0, hour, recent: 0 },
      };
    },
  };
}

function newItem({ unique, bucket, window }: UniqueKind, kind: number, start: number): TimedItem {
  const { pk, sk } = uniqueKey(unique, bucket, window, start, simulatedShard);
  const fixedBytes = itemBytes({
    [attributes.partitionKey]: { S: pk },
    [attributes.sortKey]: { S: sk },
    [attributes.timeToLive]: { N: anExpiry },
  });
  return { kind, start, sketches: new Map(), fixedBytes, version: 0, hasChanged: false, isTouched: false };
}

function bytesOf({ sketches, fixedBytes, version }: TimedItem): number {
  let bytes = fixedBytes + attributeBytes(UniqueAttributes.version, { N: String(version) });
  for (const held of sketches.values()) {
    if (held.isStale) {
      held.bytes = attributeBytes(held.attribute, { B: encodeSketch(held.sketch) });
      held.isStale = false;
    }
    bytes += held.bytes;
  }
  return bytes;
}
