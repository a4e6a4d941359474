import {
  type AddressedItem,
  type CountDifference,
  type ShardDifference,
  type SketchDifference,
  shardDifference,
} from '../domain/counters/difference';
import { formatWindow } from '../domain/counters/window';

/** A value that a shard's items do not count as often as they must; of visitors and sessions, estimates. */
export interface CounterDifference {
  /** Or the name of a kind of sketches. */
  readonly dimension: string;
  /** `minute`, `hour` or `day`. */
  readonly window: string;
  /** ISO 8601. */
  readonly start: string;
  readonly shardKey: string;
  readonly value: string;
  readonly counted: number;
  readonly expected: number;
}

/** The differences of one shard, in the words of a report. */
export function counterDifferences(shardKey: string, difference: ShardDifference): CounterDifference[] {
  return [...difference.counts, ...difference.sketches].map((one) => {
    const { name: dimension, size: window, start, counted, expected } = one;
    return {
      ...{ dimension, window, start: formatWindow(start), shardKey },
      ...{ value: textOf(one), counted, expected },
    };
  });
}

function textOf(one: CountDifference | SketchDifference): string {
  if (!('of' in one)) return one.value;
  return typeof one.of === 'string' ? `(${one.of})` : one.of.value;
}

/** @param where what is expected stands: `in the stream` */
export function differenceText(difference: CounterDifference, where: string): string {
  const { dimension, window, start, shardKey, value, counted, expected } = difference;
  return `${window} ${start} of ${shardKey}, ${dimension} ${value}: ${counted} counted, ${expected} ${where}`;
}

type ItemOfShard = AddressedItem & { readonly shardKey: string };

/** Compares items of any shards, shard by shard. */
export function shardDifferences(
  stored: Iterable<ItemOfShard>,
  expected: Iterable<ItemOfShard>,
): ReadonlyMap<string, ShardDifference> {
  const shards = new Map<string, { readonly stored: AddressedItem[]; readonly expected: AddressedItem[] }>();
  const shardOf = (shardKey: string) => {
    const shard = shards.get(shardKey) ?? { stored: [], expected: [] };
    shards.set(shardKey, shard);
    return shard;
  };
  for (const item of stored) shardOf(item.shardKey).stored.push(item);
  for (const item of expected) shardOf(item.shardKey).expected.push(item);
  return new Map([...shards].map(([key, sides]) => [key, shardDifference(sides.stored, sides.expected)]));
}
