import { bucketOf } from '../../../domain/counters/bucket';
import type { WindowSize } from '../../../domain/counters/window';
import type { ModelEvent } from '../deployment/stream';
import { dayMs, hourMs, minuteMs, retentionDays } from '../settings';

/** What a dimension counts in one item. */
export interface NaiveCounts {
  readonly values: Map<string, number>;
  other: number;
  cut: number;
}

/** What is added to one item, or stands in it: counts by dimension, and by value who was seen. */
export interface NaiveContent {
  readonly counts: Map<string, NaiveCounts>;
  readonly seen: Map<string, Set<string>>;
  /** Those of values that had no sketch of their own. */
  readonly otherSeen: Set<string>;
}

export function noContent(): NaiveContent {
  return { counts: new Map(), seen: new Map(), otherSeen: new Set() };
}

/** An event that is counted, and whether as a duplicate. */
export interface Decided {
  readonly event: ModelEvent;
  readonly isDuplicate: boolean;
  /** Its copy stood in the log so long ago that who counts it cannot know: it takes a rebuild to put it right. */
  readonly isUntold?: boolean;
}

/** Into how many items a window of a group is divided. */
export type BucketsOf = (name: string) => number;

/** In the order in which an item gives room to their values. */
const dimensions = [
  'total',
  'type',
  'page',
  'element',
  'referrer',
  'device',
  'bot',
  'status',
  'late',
  'duplicate',
  'invalid',
] as const;
/** Those that have items of their own; all others share one a window. */
export const ownGroups: readonly string[] = ['page', 'element', 'referrer'];
export const summary = 'summary';
/** What the values of a click add up to, whichever of these dimensions is asked. */
export const dimensionsThatAddUp = ['total', 'type', 'page', 'device', 'bot'] as const;

export const sketchesOf = {
  off: [],
  total: ['visitors-total', 'sessions-total'],
  page: ['visitors-total', 'visitors-page', 'sessions-total'],
} as const;
export const windowsOfSketch = (name: string): readonly WindowSize[] =>
  name === 'visitors-page' ? ['hour'] : ['hour', 'day'];

/** Lengths of the windows that everything counts in. */
const lengths: Readonly<Record<WindowSize, number>> = { minute: minuteMs, hour: hourMs, day: dayMs };
export const sizes = Object.keys(lengths) as WindowSize[];

/** An item's name: its partition key, and its sort key without the shard. */
export function itemName(group: string, bucket: number, size: WindowSize, at: number): string {
  const start = at - (at % lengths[size]);
  const iso = isoOf.get(start) ?? `${new Date(start).toISOString().slice(0, -5)}Z`;
  isoOf.set(start, iso);
  return `${group}#${bucket} ${size}#${iso}`;
}

const isoOf = new Map<number, string>();

/** What some events of a shard add to each item. Slow and plain: it shares nothing with the code that it judges. */
export function contentOf(
  decided: readonly Decided[],
  uniqueVisitors: 'off' | 'total' | 'page',
  bucketsOf: BucketsOf,
): Map<string, NaiveContent> {
  const items = new Map<string, NaiveContent>();
  const itemAt = (name: string): NaiveContent => {
    const known = items.get(name) ?? noContent();
    items.set(name, known);
    return known;
  };
  for (const dimension of dimensions) {
    const counted = decided.flatMap((one) => {
      const raw = valueIn(dimension, one);
      const at = timeOf(one.event);
      // Its minute would be gone already.
      const isLongPast = one.event.arrivedAt - at > retentionDays.minute * dayMs;
      return raw === undefined ? [] : [{ ...cutAt200Bytes(raw), at, isLongPast }];
    });
    const isOwn = ownGroups.includes(dimension);
    const buckets = isOwn ? bucketsOf(dimension) : 1;
    for (const size of sizes) {
      for (const { value, isCut, at, isLongPast } of counted) {
        if (isLongPast && size === 'minute') continue;
        const countsIn = (bucket: number): NaiveCounts =>
          countsOf(itemAt(itemName(isOwn ? dimension : summary, bucket, size, at)), dimension);
        const counts = countsIn(bucketOf(value, buckets));
        counts.values.set(value, (counts.values.get(value) ?? 0) + 1);
        if (isCut) countsIn(0).cut++;
      }
    }
  }
  for (const name of sketchesOf[uniqueVisitors]) {
    const seen = decided.flatMap(({ event: { truth } }) => {
      const who = truth.ok && (name === 'sessions-total' ? truth.session : truth.visitor);
      if (!truth.ok || !who) return [];
      const value = name === 'visitors-page' ? cutAt200Bytes(truth.counted.page!).value : 'all';
      return [{ value, who, at: truth.at }];
    });
    const buckets = name === 'visitors-page' ? bucketsOf(name) : 1;
    for (const group of groupedBy(seen, ({ at }) => Math.floor(at / hourMs))) {
      for (const size of windowsOfSketch(name)) {
        for (const { value, who, at } of group) {
          const item = itemAt(itemName(name, bucketOf(value, buckets), size, at));
          item.seen.set(value, (item.seen.get(value) ?? new Set()).add(who));
        }
      }
    }
  }
  return items;
}

function valueIn(
  dimension: (typeof dimensions)[number],
  { event, isDuplicate }: Decided,
): string | undefined {
  const { truth, arrivedAt } = event;
  if (dimension === 'invalid') return truth.ok ? undefined : truth.reason;
  if (!truth.ok) return undefined;
  if (isDuplicate || dimension === 'duplicate') {
    return isDuplicate && dimension === 'duplicate' ? 'duplicate' : undefined;
  }
  if (dimension === 'late') return arrivedAt - truth.at > hourMs ? 'late' : undefined;
  return truth.counted[dimension];
}

/** An invalid line has no time of its own that could be trusted. */
function timeOf({ truth, arrivedAt }: ModelEvent): number {
  return truth.ok ? truth.at : arrivedAt;
}

function groupedBy<T>(list: readonly T[], keyOf: (one: T) => number): Iterable<T[]> {
  const groups = new Map<number, T[]>();
  for (const one of list) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups.values();
}

export function countsOf({ counts }: NaiveContent, dimension: string): NaiveCounts {
  const known = counts.get(dimension) ?? { values: new Map(), other: 0, cut: 0 };
  counts.set(dimension, known);
  return known;
}

export interface ItemLimits {
  /** Of one dimension. */
  readonly counterBytes: number;
  readonly allCounterBytes: number;
  readonly sketches: number;
}

/** An item after what was added to it, one after the other; values that find no room count as other. */
export function heldAfter(added: Iterable<NaiveContent>, limits: ItemLimits): NaiveContent {
  const item = noContent();
  const bytesOf = new Map<string, number>();
  let allBytes = 0;
  for (const { counts, seen } of added) {
    for (const [dimension, more] of counts) {
      const held = countsOf(item, dimension);
      held.other += more.other;
      held.cut += more.cut;
      for (const [value, count] of more.values) {
        const needed = Buffer.byteLength(value) + 23;
        const isNew = !held.values.has(value);
        const bytes = bytesOf.get(dimension) ?? 0;
        if (isNew && (bytes + needed > limits.counterBytes || allBytes + needed > limits.allCounterBytes)) {
          held.other += count;
          continue;
        }
        const sum = (held.values.get(value) ?? 0) + count;
        held.values.set(value, sum);
        // Only a correction takes anything away.
        if (sum === 0) held.values.delete(value);
        const change = (sum === 0 ? 0 : needed) - (isNew ? 0 : needed);
        bytesOf.set(dimension, bytes + change);
        allBytes += change;
      }
    }
    for (const [value, who] of seen) {
      const known = item.seen.get(value);
      const into = known ?? (item.seen.size < limits.sketches ? new Set<string>() : item.otherSeen);
      if (!known && into !== item.otherSeen) item.seen.set(value, into);
      for (const one of who) into.add(one);
    }
  }
  return item;
}

/** Content as one text: the same for the same counts and the same numbers of visitors. */
export function textOf({ counts, seen, otherSeen }: NaiveContent): string {
  return contentText(counts, new Map([...seen].map(([value, who]) => [value, who.size])), otherSeen.size);
}

export function contentText(
  counts: ReadonlyMap<string, Readonly<NaiveCounts>>,
  distinct: ReadonlyMap<string, number>,
  otherDistinct: number,
): string {
  const parts: string[] = [];
  for (const [dimension, { values, other, cut }] of counts) {
    for (const [value, count] of values) parts.push(`${dimension}=${value}:${count}`);
    if (other !== 0) parts.push(`${dimension} other:${other}`);
    if (cut !== 0) parts.push(`${dimension} cut:${cut}`);
  }
  for (const [value, count] of distinct) parts.push(`distinct=${value}:${count}`);
  if (otherDistinct !== 0) parts.push(`distinct other:${otherDistinct}`);
  return parts.sort().join(' ');
}

/** Remembers every id for ever: an event is a duplicate of one that arrived at most five fifths of the horizon from it. */
export class NaiveIds {
  private readonly seen = new Map<string, { readonly slice: number; readonly until: number }[]>();

  constructor(private readonly deduplicationSeconds: number) {}

  /** @param now leaves out ids that the log has only until then */
  isDuplicate({ truth, arrivedAt }: ModelEvent, now = Number.NEGATIVE_INFINITY): boolean {
    if (!truth.ok || this.deduplicationSeconds === 0) return false;
    const slice = this.sliceOf(arrivedAt);
    const known = this.seen.get(truth.eventId) ?? [];
    return known.some((one) => one.until > now && Math.abs(slice - one.slice) <= 5);
  }

  /** @param until when the log loses it */
  add({ truth, arrivedAt }: ModelEvent, until = Number.POSITIVE_INFINITY): void {
    if (!truth.ok || this.deduplicationSeconds === 0) return;
    const known = this.seen.get(truth.eventId) ?? [];
    this.seen.set(truth.eventId, [...known, { slice: this.sliceOf(arrivedAt), until }]);
  }

  private sliceOf(arrivedAt: number): number {
    return Math.floor(arrivedAt / (this.deduplicationSeconds * 200));
  }
}

/** The fold of some events in the order of their shard. */
export function foldOf(events: Iterable<ModelEvent>, deduplicationSeconds: number): Decided[] {
  const ids = new NaiveIds(deduplicationSeconds);
  return [...events].map((event) => {
    const isDuplicate = ids.isDuplicate(event);
    ids.add(event);
    return { event, isDuplicate };
  });
}

interface Cut {
  readonly value: string;
  readonly isCut: boolean;
}

/** The same few values come again and again. */
const cuts = new Map<string, Cut>();

function cutAt200Bytes(raw: string): Cut {
  const known = cuts.get(raw) ?? cutSlowly(raw);
  cuts.set(raw, known);
  return known;
}

/** By whole characters, counted one by one; a lone surrogate is what UTF-8 makes of it. */
function cutSlowly(sent: string): Cut {
  // What readers call the values without room by is no value.
  const raw = /^\\*\(other\)$/.test(sent) ? `\\${sent}` : sent;
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
