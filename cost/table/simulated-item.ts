import {
  AggregatesTable as attributes,
  countAttribute,
  counterKey,
  keyAttributes,
  maxCounterBytes,
  readPartitionKey,
} from '../../domain/counter-item';
import { type CounterWrite, type HeldItem, planWrite } from '../../domain/counter-write';
import type { Entry } from '../../domain/fold';
import type { Position } from '../../domain/position';
import type { WindowSize } from '../../domain/window';
import { attributeBytes, itemBytes, numberBytes } from './item-size';
import { simulatedShard } from './simulated-shard';

/** An item of the table, as far as its size and the room for new values go. */
export interface SimulatedItem {
  bytes(): number;
  /** Makes the write and says true, or refuses it as the table would for want of room. */
  apply(write: CounterWrite): boolean;
  held(): HeldItem;
  /** Counts without a write. */
  grow(value: string): void;
}

/** Its size is kept up to date rather than added up at each write. */
export function createItem(partitionKey: string, window: WindowSize): SimulatedItem {
  const counts = new Map<string, number>();
  const others = new Map<string, number>();
  let bytes = 0;
  let position: Position | undefined;
  let sizeBound = 0;

  const set = (known: Map<string, number>, name: string, attribute: string, value: number): void => {
    const before = known.get(name);
    const number = { N: String(value) };
    bytes +=
      before === undefined
        ? attributeBytes(attribute, number)
        : numberBytes(number.N) - numberBytes(String(before));
    known.set(name, value);
  };
  const add = (value: string, count: number): void =>
    set(counts, value, countAttribute(value), (counts.get(value) ?? 0) + count);
  const addOther = (name: string, count: number): void =>
    set(others, name, name, (others.get(name) ?? 0) + count);

  return {
    bytes: () => bytes,
    apply(write) {
      if (position === undefined) bytes += fixedBytes(partitionKey, window, write);
      else if (write.size.kind === 'grow' && sizeBound > maxCounterBytes - write.size.bytes) return false;
      position = write.last;
      sizeBound = write.size.kind === 'grow' ? sizeBound + write.size.bytes : write.size.bytes;
      set(others, attributes.sizeBound, attributes.sizeBound, sizeBound);
      for (const [value, count] of write.counts) add(value, count);
      if (write.other > 0) addOther(attributes.other, write.other);
      if (write.cut > 0) addOther(attributes.cut, write.cut);
      return true;
    },
    held: () => ({ position: position!, values: new Set(counts.keys()), sizeBound }),
    grow: (value) => add(value, 1),
  };
}

/**
 * Writes what a batch has for an item as the aggregator does: in as many updates as it takes, and once more where the
 * item has no room for values that might be new to it.
 *
 * @param charge told of each update, the refused ones too, once the item is as it leaves it
 */
export function writeEntries(item: SimulatedItem, entries: readonly Entry[], charge: () => void): void {
  let held: HeldItem | undefined;
  for (let rest = entries; rest.length > 0; ) {
    const write = planWrite(rest, held);
    const isWritten = item.apply(write);
    charge();
    if (isWritten) rest = rest.slice(write.entries);
    held = isWritten ? undefined : item.held();
  }
}

/** Keys and what every write sets, which is as long in every item. */
function fixedBytes(partitionKey: string, window: WindowSize, { last, lastArrivedAt }: CounterWrite): number {
  const { dimension, bucket } = readPartitionKey({ pk: partitionKey });
  const key = counterKey(dimension, bucket, window, lastArrivedAt, simulatedShard);
  return itemBytes({
    ...keyAttributes(key),
    [attributes.position]: { S: last },
    // Ten digits; some end in zeros, which take no room, most do not.
    [attributes.timeToLive]: { N: '1767225599' },
  });
}
