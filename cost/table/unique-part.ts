import { AggregatesTable as attributes, keyAttributes } from '../../domain/counter-item';
import { emptySketch, type Precision, type Sketch, touch, touchOf } from '../../domain/sketch';
import { encodeSketch } from '../../domain/sketch-bytes';
import { maxSketches, UniqueAttributes, uniqueKey } from '../../domain/unique-item';
import { windowStart } from '../../domain/window';
import type { ClickPool } from './click-pool';
import type { UniqueKind } from './click-reader';
import { attributeBytes, itemBytes, readUnits, storedOverheadBytes, writeUnits } from './item-size';
import { simulatedShard } from './simulated-shard';
import type { TablePart } from './table-part';

interface HeldSketch {
  readonly attribute: string;
  readonly sketch: Sketch;
  bytes: number;
  isStale: boolean;
}

interface TimedItem {
  readonly kind: number;
  readonly start: number;
  readonly precision: Precision;
  /** By the pool's number of the sketch; values without room have that of all others. */
  readonly sketches: (HeldSketch | undefined)[];
  /** Those with a name of their own. */
  readonly held: HeldSketch[];
  other: HeldSketch | undefined;
  /** Of its keys and of what every write sets but the version. */
  readonly fixedBytes: number;
  version: number;
  hasChanged: boolean;
  isTouched: boolean;
}

/** Clicks after which the sketch of a whole site is as long as it gets, and changed by every batch. */
const growingTotal = 200_000;

/** Epoch seconds to the day, as they are; the zeros at its end take no room. */
const anExpiry = String(20_454 * 86_400);

/**
 * The sketches of distinct visitors and sessions: an item is put whole when a batch changes it, as `itemAfter` does,
 * but without decoding what was encoded before. The function that writes knows what the table holds, except for an
 * item that is new.
 *
 * @param counts which kinds of the pool are counted
 */
export function uniquePart(pool: ClickPool, counts: (kind: UniqueKind) => boolean): TablePart {
  const counted = pool.uniqueKinds.map(counts);
  const isOfPages = pool.uniqueKinds.map(({ unique }) => unique.scope === 'page');
  const hasPages = counted.some((isCounted, kind) => isCounted && isOfPages[kind]);
  const items: TimedItem[] = [];
  const latest: TimedItem[] = [];
  const lateWrites = new Map<number, number>();
  /** One for all hashes: there are millions. */
  const scratch = { high: 0, low: 0 };
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
  /** Takes one id; returns whether the item has changed by it. */
  const take = (item: TimedItem, sketch: number, high: number, low: number): boolean => {
    scratch.high = high;
    scratch.low = low;
    const held = item.sketches[sketch] ?? addSketch(item, sketch);
    if (!touch(held.sketch, touchOf(item.precision, scratch))) return false;
    held.isStale = true;
    item.hasChanged = true;
    return true;
  };
  const addSketch = (item: TimedItem, sketch: number): HeldSketch => {
    const isNamed = item.held.length < maxSketches;
    const held = (isNamed ? undefined : item.other) ?? {
      attribute: isNamed ? pool.sketches[sketch]! : UniqueAttributes.other,
      sketch: emptySketch(item.precision),
      bytes: 0,
      isStale: true,
    };
    if (isNamed) item.held.push(held);
    else item.other = held;
    item.sketches[sketch] = held;
    return held;
  };

  return {
    add({ click, page, salt }, at) {
      for (const sketches of [pool.site, page.unique]) {
        for (const { kind, sketch, id } of sketches) {
          const hash = click.ids[id];
          if (!counted[kind] || !hash) continue;
          const item = itemOf(kind, at);
          if (!item.isTouched) touched.push(item);
          item.isTouched = true;
          const change = changes[kind]!;
          change.seen++;
          if (take(item, sketch, hash.high ^ salt.high, hash.low ^ salt.low)) change.changed++;
        }
      }
    },
    addLate({ click, page }, happenedAt) {
      for (const { kind, id: of } of [...pool.site, ...page.unique]) {
        if (!counted[kind] || !click.ids[of]) continue;
        const id = `${kind}|${windowStart(pool.uniqueKinds[kind]!.window, happenedAt)}`;
        const known = late.get(id) ?? { kind, touches: 0 };
        known.touches++;
        late.set(id, known);
      }
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
    grow({ click, page, salt }, at, others) {
      const isTotalGrowing = others < growingTotal;
      for (const sketches of isTotalGrowing ? [pool.site, page.unique] : [page.unique]) {
        for (const { kind, sketch, id } of sketches) {
          const hash = click.ids[id];
          if (counted[kind] && hash)
            take(itemOf(kind, at), sketch, hash.high ^ salt.high, hash.low ^ salt.low);
        }
      }
      return isTotalGrowing || hasPages;
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
  const fixedBytes = itemBytes({
    ...keyAttributes(uniqueKey(unique, bucket, window, start, simulatedShard)),
    [attributes.timeToLive]: { N: anExpiry },
  });
  return {
    kind,
    start,
    precision: unique.precision,
    sketches: [],
    held: [],
    other: undefined,
    fixedBytes,
    version: 0,
    hasChanged: false,
    isTouched: false,
  };
}

function bytesOf({ held: named, other, fixedBytes, version }: TimedItem): number {
  let bytes = fixedBytes + attributeBytes(UniqueAttributes.version, { N: String(version) });
  for (const held of other ? [...named, other] : named) {
    if (held.isStale) {
      held.bytes = attributeBytes(held.attribute, { B: encodeSketch(held.sketch) });
      held.isStale = false;
    }
    bytes += held.bytes;
  }
  return bytes;
}
