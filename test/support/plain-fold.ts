import { fnv1a } from '../../domain/counters/bucket';
import { counterValue } from '../../domain/counters/counter-value';
import { type Counts, noCounts } from '../../domain/counters/delta';
import { dimensions, valueIn } from '../../domain/counters/dimensions';
import type { DuplicateFilter } from '../../domain/counters/fold';
import { type WindowSize, windowMs, windowSizes } from '../../domain/counters/window';
import { eventIndex, positionOf } from '../../domain/event/position';
import { readStreamRecord } from '../../domain/event/record';
import type { PlacedLine, ShardRecord } from '../../domain/event/shard-lines';
import { hash64 } from '../../domain/numbers/hash64';
import { emptySketch, touch, touchOf } from '../../domain/visitors/sketch';
import { encodeSketch } from '../../domain/visitors/sketch-bytes';
import type { Unique } from '../../domain/visitors/uniques';

/** What an item has to hold: counts by dimension, and sketches by value. */
export interface PlainItem {
  readonly counts: Map<string, Counts>;
  readonly sketches: Map<string, Uint8Array>;
}

/** The lines of a shard's records, each at its place. */
export function placedLines(records: readonly ShardRecord[]): PlacedLine[] {
  return records.flatMap(({ data, sequenceNumber, arrivedAt }) =>
    readStreamRecord(data, arrivedAt).flatMap((readings, subsequence) =>
      readings.map((reading, line) => ({
        reading,
        sequenceNumber,
        arrivedAt,
        position: positionOf(sequenceNumber, eventIndex(subsequence, line)),
      })),
    ),
  );
}

function startOf(size: WindowSize, at: number): number {
  const ms = windowMs[size];
  return at - (((at % ms) + ms) % ms);
}

/**
 * The counters as they are told: each line, in the order of the shard, counts at once in an item for each of its
 * dimensions and windows, as long as its value has room there. By `group#bucket size start`.
 */
export function plainFold(
  lines: readonly PlacedLine[],
  isDuplicate: DuplicateFilter,
  uniques: readonly Unique[],
  roomOfDimension: number,
): Map<string, PlainItem> {
  const items = new Map<string, PlainItem>();
  const itemAt = (id: string): PlainItem => {
    const known = items.get(id) ?? { counts: new Map(), sketches: new Map() };
    items.set(id, known);
    return known;
  };
  const touched = new Map<
    string,
    { item: PlainItem; value: string; sketch: ReturnType<typeof emptySketch> }
  >();

  for (const { reading, arrivedAt } of lines) {
    const at = reading.ok ? reading.at : arrivedAt;
    const duplicate = reading.ok && isDuplicate({ hash: hash64(reading.event.eventId), arrivedAt });
    for (const dimension of dimensions) {
      const raw = valueIn(dimension, reading, duplicate);
      if (raw === undefined) continue;
      const { value, cut } = counterValue(raw);
      const { name, buckets } = dimension;
      const group = buckets === 1 ? 'summary' : name;
      for (const size of windowSizes) {
        const window = `${size} ${startOf(size, at)}`;
        const countsIn = (bucket: number): Counts => {
          const { counts } = itemAt(`${group}#${bucket} ${window}`);
          const known = counts.get(name) ?? noCounts();
          counts.set(name, known);
          return known;
        };
        if (cut) countsIn(0).cut++;
        const counts = countsIn(fnv1a(value) % buckets);
        const taken = [...counts.values.keys()].reduce(
          (sum, other) => sum + Buffer.byteLength(other) + 23,
          0,
        );
        if (counts.values.has(value) || taken + Buffer.byteLength(value) + 23 <= roomOfDimension)
          counts.values.set(value, (counts.values.get(value) ?? 0) + 1);
        else counts.other++;
      }
    }
    if (!reading.ok) continue;
    for (const unique of uniques) {
      const { name, scope, windows: sizes, buckets, precision, id } = unique;
      const who = reading.event[id];
      if (!who) continue;
      const { value } = counterValue(unique.valueOf(reading.event));
      for (const size of sizes) {
        const item = `${name}-${scope}#${fnv1a(value) % buckets} ${size} ${startOf(size, at)}`;
        const known = touched.get(`${item} ${value}`);
        const { sketch } = known ?? { sketch: emptySketch(precision) };
        if (!known) touched.set(`${item} ${value}`, { item: itemAt(item), value, sketch });
        touch(sketch, touchOf(precision, hash64(who)));
      }
    }
  }
  for (const { item, value, sketch } of touched.values()) item.sketches.set(value, encodeSketch(sketch));
  return items;
}
