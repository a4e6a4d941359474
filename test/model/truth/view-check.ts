import type { View, WindowQuery } from '../../../table/view';
import { hourMs, type Settings } from '../settings';
import { type LogTruth, Violation } from './log-truth';
import {
  dimensionsThatAddUp,
  itemName,
  ownGroups,
  sizes,
  sketchesOf,
  summary,
  textOf,
  windowsOfSketch,
} from './reference';

/** The most items that a window is divided into, whatever the code was when it was counted. */
export const mostBuckets = 3;

/** Everything that a reader can ask for. */
export function allQueries({ uniqueVisitors }: Settings): WindowQuery[] {
  return [
    ...sizes.flatMap((size) => [
      { group: summary, buckets: 1, size },
      ...ownGroups.map((group) => ({ group, buckets: mostBuckets, size })),
    ]),
    ...sketchesOf[uniqueVisitors].flatMap((group) =>
      windowsOfSketch(group).map((size) => ({
        group,
        buckets: group === 'visitors-page' ? mostBuckets : 1,
        size,
      })),
    ),
  ];
}

/** The tails that the logs had when a reader began. */
export type Tails = ReadonlyMap<string, string>;

/**
 * What a reader sees of a shard is what its log had at one moment between the reader's begin and its end.
 *
 * @throws Violation that names what is not so
 */
export function expectView(
  { items, shards }: View,
  queries: readonly WindowQuery[],
  truth: LogTruth,
  before: Tails,
  now: number,
  mayShowExpired: boolean,
): void {
  const after = truth.tails();
  const seen = new Map(shards.map((shard) => [shard.shardKey, shard]));
  for (const [shard, least] of before) {
    if (least !== '0' && !seen.has(shard)) throw new Violation(`reader: sees nothing of ${shard}`);
  }
  for (const { shardKey, tail, countedUntil } of shards) {
    if (tail < (before.get(shardKey) ?? '0') || tail > (after.get(shardKey) ?? '0')) {
      throw new Violation(
        `reader: sees ${shardKey} up to ${tail}; it went from ${before.get(shardKey)} to ${after.get(shardKey)}`,
      );
    }
    const counted = truth.log(shardKey).deltas.filter(({ last }) => last <= tail);
    if (tail !== '0' && counted.at(-1)?.last !== tail) {
      throw new Violation(`reader: sees ${shardKey} up to ${tail}, where no delta ends`);
    }
    const latest = Math.max(...counted.map(({ arrivedAt }) => arrivedAt));
    if (counted.length > 0 && countedUntil !== latest) {
      throw new Violation(
        `reader: sees ${shardKey} up to arrivals of ${countedUntil}; up to ${tail} it is ${latest}`,
      );
    }
  }

  const fromOf = new Map(queries.map(({ group, size, from = -Infinity }) => [`${group} ${size}`, from]));
  const isWanted = (name: string): boolean => {
    const [, group, size, window = ''] = /^(.*)#\d+ (\w+)#(.*)$/.exec(name) ?? [];
    const from = fromOf.get(`${group} ${size}`);
    return from !== undefined && (from === -Infinity || Date.parse(window) >= from);
  };
  const found = new Map<string, View['items'][number]>();
  for (const item of items) {
    const name = itemName(item.group, item.bucket, item.size, item.start);
    if (found.has(`${item.shardKey} ${name}`)) throw new Violation(`reader: sees ${name} twice`);
    found.set(`${item.shardKey} ${name}`, item);
  }
  const uncertain = new Set<string>();
  for (const { shardKey, tail } of shards) {
    for (const name of truth.goneAt(shardKey, now)) uncertain.add(`${shardKey} ${name.split(' ')[1]}`);
    for (const [name, content] of truth.expectedAt(shardKey, tail, now)) {
      if (!isWanted(name)) continue;
      const id = `${shardKey} ${name}`;
      const item = found.get(id);
      found.delete(id);
      if (!content) {
        uncertain.add(`${shardKey} ${name.split(' ')[1]}`);
        continue;
      }
      const text = item ? truth.textOfItem(item.content) : '';
      if (text !== textOf(content)) {
        throw new Violation(`reader: ${id} up to ${tail}\n  reads  ${text}\n  should ${textOf(content)}`);
      }
    }
  }
  for (const [id, { shardKey }] of found) {
    if (!mayShowExpired) throw new Violation(`reader: sees ${id}, of which nothing was counted`);
    uncertain.add(`${shardKey} ${id.split(' ')[2]}`);
  }
  expectToAddUp(items, queries, uncertain);
}

/** Whichever dimension is asked, a shard has as many clicks in a window: values, and those that had no room. */
function expectToAddUp(
  items: View['items'],
  queries: readonly WindowQuery[],
  uncertain: ReadonlySet<string>,
): void {
  const sums = new Map<string, Map<string, number>>();
  for (const { shardKey, group, bucket, size, start, content } of items) {
    const window = `${shardKey} ${itemName(group, bucket, size, start).split(' ')[1]}`;
    if (uncertain.has(window)) continue;
    for (const [dimension, { values, other }] of content.counts) {
      const ofWindow = sums.get(window) ?? new Map<string, number>();
      sums.set(window, ofWindow);
      const sum = [...values.values()].reduce((all, count) => all + count, other);
      ofWindow.set(dimension, (ofWindow.get(dimension) ?? 0) + sum);
    }
  }
  const isWhole = (size: string): boolean =>
    [summary, 'page'].every((group) =>
      queries.some((query) => query.group === group && query.size === size && query.from === undefined),
    );
  for (const [window, ofWindow] of sums) {
    if (!isWhole(window.split(' ')[1]!.split('#')[0]!)) continue;
    const counts = dimensionsThatAddUp.map((dimension) => ofWindow.get(dimension) ?? 0);
    if (new Set(counts).size > 1) {
      const told = dimensionsThatAddUp.map((dimension, index) => `${dimension} ${counts[index]}`).join(', ');
      throw new Violation(`reader: ${window} does not add up: ${told}`);
    }
  }
}

/** Queries as a page of a report has them: some groups, some windows, now and then not all of time. */
export function someQueries(
  random: { readonly chance: (p: number) => boolean; readonly below: (n: number) => number },
  settings: Settings,
  now: number,
): WindowQuery[] {
  const all = allQueries(settings);
  const chosen = sizes.filter(() => random.chance(0.5));
  const groups = random.chance(0.7) ? [summary, 'page'] : all.map(({ group }) => group);
  const from = random.chance(0.15) ? now - random.below(2 * hourMs) : undefined;
  return all
    .filter(({ size, group }) => chosen.includes(size) && groups.includes(group))
    .map((query) => (from === undefined ? query : { ...query, from }));
}
