import { setTimeout as sleep } from 'node:timers/promises';
import { readSortKey } from '../../domain/counter-item';
import { readRecord } from '../../domain/record';
import { formatWindow, windowSizes, windowStart } from '../../domain/window';
import {
  hoursOf,
  type InspectedHour,
  type InspectedItem,
  inspectHour,
  type Range,
  type RangePorts,
} from '../range/hour';
import { changeOf } from '../repair/change';
import type { Counted } from '../table/items-table';

/** A value that is not counted as often as the archive has it. */
export interface Difference {
  readonly dimension: string;
  /** `minute` or `hour`. */
  readonly window: string;
  /** ISO 8601. */
  readonly start: string;
  /** Undefined where shards are compared by their sum. */
  readonly shardId: string | undefined;
  readonly value: string;
  readonly counted: number;
  readonly archived: number;
}

export interface RangeVerification {
  readonly items: number;
  readonly events: number;
  readonly differences: number;
  /** The first of them: pages first, by minute, then the rest. */
  readonly firstDifferences: readonly Difference[];
  readonly objectsRead: number;
  /** Lines that the archive does not have yet, and the stream has. */
  readonly linesFromStream: number;
  /** What was not compared, and why. */
  readonly notCompared: readonly string[];
}

const differencesShown = 20;
/** A batch is written item by item; between the first and the last, they differ. */
const settlingMs = 3_000;

/**
 * Compares each counter of the windows of a range with what archive and error prefix hold.
 *
 * @param settle waits, where something differs, for a batch that is being written
 */
export async function verifyRange(
  range: Range,
  ports: RangePorts,
  settle: () => Promise<unknown> = () => sleep(settlingMs),
): Promise<RangeVerification> {
  const all: Difference[] = [];
  const notCompared = new Set<string>();
  const sums = { items: 0, events: 0, objectsRead: 0, linesFromStream: 0 };
  for (const part of hoursOf(range)) {
    let hour = await inspectHour(part, ports);
    let compared = compareHour(hour, ports, notCompared);
    if (compared.length > 0) {
      await settle();
      hour = await inspectHour(part, ports);
      compared = compareHour(hour, ports, notCompared);
    }
    all.push(...compared);
    sums.items += hour.items.length;
    sums.events += countEvents(hour.items);
    sums.objectsRead += hour.history.objectsRead;
    sums.linesFromStream += hour.history.linesFromStream;
    if (hour.ofOtherStreams > 0) notCompared.add('items of an earlier stream');
  }
  return {
    ...sums,
    differences: all.length,
    firstDifferences: all.sort(byImportance).slice(0, differencesShown),
    notCompared: [...notCompared],
  };
}

function compareHour(
  { items, history }: InspectedHour,
  { settings, now }: RangePorts,
  notCompared: Set<string>,
): Difference[] {
  const differences: Difference[] = [];
  const unplaced = rejectionsByWindow(history.unplaced, notCompared);
  const summed = new Map<string, { held: Counted[]; wanted: Counted[] }>();
  for (const { key, shardId, held, wanted } of items) {
    const isOver = held !== undefined && held.expiresAt * 1000 <= now();
    if (isOver || changeOf(held, wanted, settings, now()).kind === 'expired') continue;
    const dimension = key.pk.slice(0, key.pk.lastIndexOf('#'));
    const { window: size, start } = readSortKey(key);
    const window = `${size}#${start}`;
    if (dimension === 'invalid' && unplaced.has(window)) {
      const both = summed.get(window) ?? { held: [], wanted: [] };
      summed.set(window, both);
      if (held) both.held.push(held);
      if (wanted) both.wanted.push(wanted);
      continue;
    }
    differences.push(
      ...valueDifferences(held, wanted).map((difference) => ({
        ...place(dimension, window),
        shardId,
        ...difference,
      })),
    );
  }
  for (const [window, { held, wanted }] of summed) {
    const archived = sumOf([...wanted, { counts: unplaced.get(window)!, other: 0 }]);
    const found = valueDifferences(sumOf(held), archived);
    differences.push(
      ...found.map((difference) => ({ ...place('invalid', window), shardId: undefined, ...difference })),
    );
  }
  return differences;
}

function place(dimension: string, id: string): Pick<Difference, 'dimension' | 'window' | 'start'> {
  const { window, start } = readSortKey({ sk: id });
  return { dimension, window, start };
}

type Counts = Pick<Counted, 'counts' | 'other'>;

function valueDifferences(
  held: Counts | undefined,
  wanted: Counts | undefined,
): Pick<Difference, 'value' | 'counted' | 'archived'>[] {
  const nothing: Counts = { counts: new Map(), other: 0 };
  const [a, b] = [held ?? nothing, wanted ?? nothing];
  const values = [...new Set([...a.counts.keys(), ...b.counts.keys()])];
  return [
    ...values.map((value) => ({
      value,
      counted: a.counts.get(value) ?? 0,
      archived: b.counts.get(value) ?? 0,
    })),
    { value: '(other)', counted: a.other, archived: b.other },
  ].filter(({ counted, archived }) => counted !== archived);
}

function sumOf(items: readonly Counts[]): Counts {
  const counts = new Map<string, number>();
  for (const item of items) {
    for (const [value, count] of item.counts) counts.set(value, (counts.get(value) ?? 0) + count);
  }
  return { counts, other: items.reduce((sum, { other }) => sum + other, 0) };
}

/** Rejected lines of which nobody knows the shard any more, by window and reason. */
function rejectionsByWindow(
  unplaced: InspectedHour['history']['unplaced'],
  notCompared: Set<string>,
): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const windows = new Map<string, Map<string, number>>();
  for (const { data, arrivedAt } of unplaced) {
    for (const reading of readRecord(data, arrivedAt)) {
      if (reading.ok) {
        notCompared.add(
          `windows of events under the error prefix of which nobody knows the place any more, from ${formatWindow(windowStart('minute', reading.at))} on`,
        );
        continue;
      }
      for (const size of windowSizes) {
        const window = `${size}#${formatWindow(windowStart(size, arrivedAt))}`;
        const reasons = windows.get(window) ?? new Map<string, number>();
        windows.set(window, reasons.set(reading.reason, (reasons.get(reading.reason) ?? 0) + 1));
      }
    }
  }
  return windows;
}

/** Each event counts in one minute of total, duplicate or invalid. */
function countEvents(items: readonly InspectedItem[]): number {
  let events = 0;
  for (const { key, window, held } of items) {
    if (window !== 'minute' || !/^(total|duplicate|invalid)#/.test(key.pk)) continue;
    for (const count of held?.counts.values() ?? []) events += count;
  }
  return events;
}

function byImportance(a: Difference, b: Difference): number {
  const rank = ({ dimension, window }: Difference) =>
    (dimension === 'page' ? 0 : 2) + (window === 'minute' ? 0 : 1);
  return (
    rank(a) - rank(b) || (a.start < b.start ? -1 : a.start > b.start ? 1 : 0) || (a.value < b.value ? -1 : 1)
  );
}
