import type { View } from '../../../table/view';
import type { ModelEvent, ModelShard } from '../deployment/stream';
import { dayMs, hourMs, retentionDays, type Settings } from '../settings';
import { type LogTruth, Violation } from './log-truth';
import { contentOf, foldOf, itemName, type NaiveContent, ownGroups, sizes } from './reference';

/**
 * Windows of a shard that will not expire for a while have the fold of these events: by dimension, and by value where all
 * have room.
 *
 * @param items of the shard, as a reader sees them
 * @param events in the order of the shard
 * @throws Violation that names the first window that has anything else
 */
export function expectFold(
  items: View['items'],
  shard: ModelShard,
  events: readonly ModelEvent[],
  truth: LogTruth,
  { deduplicationSeconds, limits }: Settings,
  now: number,
): void {
  const isByValue = Math.min(limits.item.counterBytes, limits.item.allCounterBytes) > 10_000;
  const lasting = lastingWindows(shard, truth, now);
  const fold = contentOf(foldOf(events, deduplicationSeconds), 'off', () => 1);
  const sumsOf = (all: Iterable<readonly [string, NaiveContent['counts']]>): Map<string, number> =>
    sumsBy(
      [...all].filter(([window]) => lasting.has(window)),
      isByValue,
    );
  const found = sumsOf(
    items.map(({ size, start, content }) => [windowOf(itemName('', 0, size, start)), content.counts]),
  );
  const expected = sumsOf([...fold].map(([name, { counts }]) => [windowOf(name), counts]));
  for (const id of new Set([...found.keys(), ...expected.keys()])) {
    const [reads, should] = [found.get(id) ?? 0, expected.get(id) ?? 0];
    if (reads !== should) throw new Violation(`${shard.name} ${id}: reads ${reads}; the fold has ${should}`);
  }
}

function sumsBy(
  all: readonly (readonly [window: string, counts: NaiveContent['counts']])[],
  isByValue: boolean,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [window, counts] of all) {
    for (const [dimension, { values, other }] of counts) {
      const add = (value: string, count: number): void => {
        const id = `${window} ${dimension} ${isByValue ? value : ''}`;
        sums.set(id, (sums.get(id) ?? 0) + count);
      };
      for (const [value, count] of values) add(value, count);
      if (other !== 0) add('(other)', other);
    }
  }
  return sums;
}

/** Windows of which no item has expired, nor will within a day. */
function lastingWindows(shard: ModelShard, logTruth: LogTruth, now: number): Set<string> {
  const lasting = new Set<string>();
  const passing = new Set<string>();
  for (const event of shard.events) {
    const { truth, arrivedAt } = event;
    const at = truth.ok ? truth.at : arrivedAt;
    // A rebuild reads what arrived in time, and as late as what is counted.
    const isOutOfReach = arrivedAt - at > hourMs && !logTruth.isCounted(shard.name, event);
    for (const size of sizes) {
      const isLasting = arrivedAt + retentionDays[size] * dayMs > now + dayMs;
      (isLasting && !isOutOfReach ? lasting : passing).add(windowOf(itemName('', 0, size, at)));
    }
  }
  for (const [name, item] of logTruth.expectedAt(shard.name, '~', now)) {
    if (!item && ['summary', ...ownGroups].includes(name.split('#')[0]!)) passing.add(windowOf(name));
  }
  return new Set([...lasting].filter((window) => !passing.has(window)));
}

/** The window of an item, of its name. */
function windowOf(name: string): string {
  return name.split(' ')[1]!;
}
