import { counterKey } from '../../domain/counter-item';
import { counterValue } from '../../domain/counter-value';
import { dimensions, valueIn } from '../../domain/dimensions';
import type { DuplicateFilter, Entry, PlacedLine, ShardRecord } from '../../domain/fold';
import { fnv1a } from '../../domain/hash';
import { eventIndex, positionOf } from '../../domain/position';
import { readStreamRecord } from '../../domain/record';
import { windowSizes, windowStart } from '../../domain/window';

/** What one item has to count, without how it is held. */
export interface PlainRun {
  readonly key: ReturnType<typeof counterKey>;
  readonly window: string;
  readonly entries: readonly Entry[];
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

/**
 * The fold as it is told: each line counts in an item for each of its dimensions and windows, and lines of one record
 * that an item counts under one value are one entry. Looks through all entries for each.
 */
export function plainFold(
  shard: string,
  lines: readonly PlacedLine[],
  isDuplicate: DuplicateFilter,
): PlainRun[] {
  const runs: { key: PlainRun['key']; window: string; entries: Entry[] }[] = [];
  for (const { reading, sequenceNumber, arrivedAt, position } of lines) {
    const duplicate = reading.ok && isDuplicate({ eventId: reading.event.eventId, position, arrivedAt });
    for (const dimension of dimensions) {
      const raw = valueIn(dimension, reading, duplicate);
      if (raw === undefined) continue;
      const { value, cut } = counterValue(raw);
      const bucket = fnv1a(value) % dimension.buckets;
      for (const window of windowSizes) {
        const start = windowStart(window, reading.ok ? reading.at : arrivedAt);
        const key = counterKey(dimension.name, bucket, window, start, shard);
        const known = runs.find(({ key: { pk, sk } }) => pk === key.pk && sk === key.sk);
        const run = known ?? { key, window, entries: [] };
        if (!known) runs.push(run);
        const place = run.entries.findIndex(
          (entry) => entry.sequenceNumber === sequenceNumber && entry.value === value,
        );
        const before = run.entries[place] ?? { position, sequenceNumber, arrivedAt, value, count: 0, cut: 0 };
        const entry = { ...before, count: before.count + 1, cut: before.cut + (cut ? 1 : 0) };
        run.entries.splice(place === -1 ? run.entries.length : place, 1, entry);
      }
    }
  }
  return runs;
}
