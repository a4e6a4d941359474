import { AggregatesTable as attributes } from '../../domain/counter-item';
import type { Entry, ItemRun } from '../../domain/fold';
import { naiveDuplicateFilter } from './duplicate-reference';
import type { ModelShard } from './stream';
import { retentionDays } from './subjects';
import type { PlainItem } from './table-contents';

/**
 * Counts as a reader of the table sees them, by `dimension window start shard value`, from what the lines were made
 * to be. Slow and plain on purpose: it shares no code with what it is compared with.
 */
export function naiveCounts(
  shards: readonly ModelShard[],
  deduplicationSeconds: number,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { name: shard, records } of shards) {
    const isDuplicate = naiveDuplicateFilter(deduplicationSeconds);
    for (const { arrivedAt, lines } of records) {
      for (const truth of lines) {
        const at = truth.ok ? truth.at : arrivedAt;
        const late = truth.ok && arrivedAt - at > 3_600_000 ? 'late' : undefined;
        const counted = !truth.ok
          ? { invalid: truth.reason }
          : isDuplicate({ eventId: truth.eventId, position: '', arrivedAt })
            ? { duplicate: 'duplicate' }
            : { ...truth.counted, late };
        for (const [dimension, raw] of Object.entries(counted)) {
          if (raw === undefined) continue;
          const { value, isCut } = cutAt200Bytes(raw);
          for (const window of [`minute ${iso(at, 16)}:00Z`, `hour ${iso(at, 13)}:00:00Z`]) {
            addTo(counts, `${dimension} ${window} ${shard} =${value}`, 1);
            if (isCut) addTo(counts, `${dimension} ${window} ${shard} cut`, 1);
          }
        }
      }
    }
  }
  return counts;
}

export function addTo(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

/** The first so many characters of an instant's ISO 8601 text. */
export function iso(at: number, length: number): string {
  return new Date(at).toISOString().slice(0, length);
}

/** By whole characters, counted one by one; a lone surrogate is what UTF-8 makes of it. */
export function cutAt200Bytes(sent: string): { value: string; isCut: boolean } {
  const raw = /^\\*\(other\)$/.test(sent) ? `\\${sent}` : sent;
  if (/^[\x20-\x7e]{0,200}$/.test(raw)) return { value: raw, isCut: false };
  let value = '';
  let bytes = 0;
  for (const character of raw) {
    const written = new TextDecoder().decode(new TextEncoder().encode(character));
    bytes += new TextEncoder().encode(character).length;
    if (bytes > 200) return { value, isCut: true };
    value += written;
  }
  return { value, isCut: false };
}

/** The same counts, read from items. */
export function countsOf(items: Iterable<PlainItem>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    const [dimension] = item.pk!.split('#');
    const [window, start, shard] = item.sk!.split('#');
    for (const [name, text] of Object.entries(item)) {
      const counted = name.startsWith('n:') ? `=${name.slice(2)}` : name === 'cut' ? 'cut' : undefined;
      if (counted === undefined) continue;
      addTo(counts, `${dimension} ${window} ${start} ${shard} ${counted}`, Number(text));
    }
  }
  return counts;
}

/** An item that has counted these entries and no others, in their order, and takes `counterBytes` of counters. */
export function itemOf({ key, window }: ItemRun, entries: readonly Entry[], counterBytes: number): PlainItem {
  const counts: Record<string, number> = {};
  let taken = 0;
  const add = (name: string, count: number): void => {
    if (count > 0) counts[name] = (counts[name] ?? 0) + count;
  };
  for (const { value, count, cut } of entries) {
    const name = `n:${value}`;
    const bytes = Buffer.byteLength(name) + 21;
    const hasRoom = name in counts || taken + bytes <= counterBytes;
    if (hasRoom && !(name in counts)) taken += bytes;
    add(hasRoom ? name : attributes.other, count);
    add(attributes.cut, cut);
  }
  const last = entries.at(-1)!;
  const expiresAt = Math.floor(last.arrivedAt / 1000 + retentionDays[window] * 86_400);
  return {
    ...key,
    [attributes.position]: last.position,
    [attributes.timeToLive]: String(expiresAt),
    ...Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, String(count)])),
  };
}
