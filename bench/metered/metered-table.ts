import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { readItemKey, shardsPartition } from '../../domain/counters/table-layout';
import type { DynamoCalls } from '../../table/dynamo-calls';
import type { Attributes } from '../../table/item-attributes';
import { itemBytes, readUnits, type SizedValue, storedOverheadBytes, writeUnits } from './item-size';

/** What an item of the table is: an item of counters or sketches by its group and window, or a part of the log. */
export type Sort = 'entry' | 'delta' | 'ids' | `${string} by ${string}`;

/** What DynamoDB charges for the items of one sort. */
export interface Charge {
  writes: number;
  writeUnits: number;
  writtenBytes: number;
  reads: number;
  readUnits: number;
}

export interface MeteredTable {
  readonly calls: DynamoCalls;
  /** Since the last reset. */
  charges(): ReadonlyMap<Sort, Readonly<Charge>>;
  reset(): void;
  /** Bytes that are stored of each sort, with what DynamoDB adds to each item. */
  stored(): ReadonlyMap<Sort, number>;
}

interface Held {
  readonly item: Attributes;
  readonly bytes: number;
}

interface Partition {
  readonly held: Map<string, Held>;
  /** Sort keys in their order. */
  readonly sorted: string[];
}

/** The place of the first key that is not below `key`. */
function firstFrom(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A page of a query ends behind so many bytes (AWS docs: Query). */
const pageBytes = 1_000_000;

/**
 * A table in memory that charges as DynamoDB does: a write by the larger of the item before and after it, refused ones
 * as well; a query by the sum of what it finds; each item of a batch by itself. It knows the conditions that the
 * table's calls put, and no others.
 */
export function createMeteredTable(): MeteredTable {
  const partitions = new Map<string, Partition>();
  let charges = new Map<Sort, Charge>();

  const chargeOf = (pk: string, sk: string): Charge => {
    const sort = sortOf(pk, sk);
    const known = charges.get(sort);
    if (known) return known;
    const made = { writes: 0, writeUnits: 0, writtenBytes: 0, reads: 0, readUnits: 0 };
    charges.set(sort, made);
    return made;
  };

  function write(item: Attributes, holds: (held: Attributes | undefined) => boolean): ReturnedCapacity {
    const { pk, sk } = keyTexts(item);
    const partition = partitions.get(pk) ?? { held: new Map(), sorted: [] };
    partitions.set(pk, partition);
    const held = partition.held.get(sk);
    const isDone = holds(held?.item);
    const bytes = isDone ? bytesOf(item) : 0;
    const charge = chargeOf(pk, sk);
    const CapacityUnits = writeUnits(Math.max(bytes, held?.bytes ?? 0));
    charge.writes++;
    charge.writeUnits += CapacityUnits;
    charge.writtenBytes += bytes;
    if (!isDone) throw new ConditionalCheckFailedException({ $metadata: {}, message: 'refused' });
    if (!held) partition.sorted.splice(firstFrom(partition.sorted, sk), 0, sk);
    partition.held.set(sk, { item, bytes });
    return { $metadata: {}, ConsumedCapacity: { CapacityUnits } };
  }

  function read(key: Attributes): { readonly item: Attributes | undefined; readonly CapacityUnits: number } {
    const { pk, sk } = keyTexts(key);
    const held = partitions.get(pk)?.held.get(sk);
    const charge = chargeOf(pk, sk);
    const CapacityUnits = readUnits(held?.bytes ?? 0);
    charge.reads++;
    charge.readUnits += CapacityUnits;
    return { item: held?.item, CapacityUnits };
  }

  return {
    calls: {
      async get({ Key = {} }) {
        const { item, CapacityUnits } = read(Key);
        return { $metadata: {}, ...(item ? { Item: item } : {}), ConsumedCapacity: { CapacityUnits } };
      },
      async batchGet({ RequestItems = {} }) {
        const [[TableName, { Keys = [] }]] = Object.entries(RequestItems) as [
          [string, { Keys?: Attributes[] }],
        ];
        const found = Keys.map(read);
        const CapacityUnits = found.reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
        const items = found.flatMap(({ item }) => (item ? [item] : []));
        return { $metadata: {}, Responses: { [TableName]: items }, ConsumedCapacity: [{ CapacityUnits }] };
      },
      async query({ ExpressionAttributeValues: values = {}, ExclusiveStartKey, ScanIndexForward }) {
        const pk = values[':pk']?.S ?? '';
        const [from, to] = [values[':from']?.S ?? '', values[':to']?.S];
        const start = ExclusiveStartKey?.sk?.S;
        const isBackwards = ScanIndexForward === false;
        const { held, sorted } = partitions.get(pk) ?? { held: new Map<string, Held>(), sorted: [] };
        const keys = sorted
          .slice(firstFrom(sorted, from), to === undefined ? undefined : firstFrom(sorted, `${to}\0`))
          .filter((sk) => start === undefined || (isBackwards ? sk < start : sk > start));
        if (isBackwards) keys.reverse();
        const page: Held[] = [];
        let bytes = 0;
        for (const sk of keys) {
          page.push(held.get(sk)!);
          bytes += held.get(sk)!.bytes;
          if (bytes > pageBytes) break;
        }
        const CapacityUnits = readUnits(bytes);
        const charge = chargeOf(pk, page[0]?.item.sk?.S ?? '');
        charge.reads++;
        charge.readUnits += CapacityUnits;
        const last = page.at(-1)?.item;
        return {
          $metadata: {},
          Items: page.map(({ item }) => item),
          ConsumedCapacity: { CapacityUnits },
          ...(last && page.length < keys.length ? { LastEvaluatedKey: { pk: last.pk!, sk: last.sk! } } : {}),
        };
      },
      put: async ({ Item = {}, ConditionExpression, ExpressionAttributeValues: values = {} }) =>
        write(Item, (held) => {
          if (ConditionExpression === undefined) return true;
          if (ConditionExpression === 'attribute_not_exists(#pk)') return held === undefined;
          if (ConditionExpression === '#seq = :seq') return held?.seq?.S === values[':seq']?.S;
          throw new Error(`condition ${ConditionExpression}: not known to the metered table`);
        }),
      async update({
        Key = {},
        UpdateExpression = '',
        ConditionExpression,
        ExpressionAttributeNames: names = {},
        ExpressionAttributeValues: values = {},
      }) {
        const { pk, sk } = keyTexts(Key);
        const item: Attributes = { ...partitions.get(pk)?.held.get(sk)?.item, ...Key };
        for (const [, name, value] of UpdateExpression.matchAll(/(#\w+) = (:\w+)/g)) {
          item[names[name!]!] = values[value!]!;
        }
        for (const [, name] of UpdateExpression.matchAll(/REMOVE (#\w+)/g)) delete item[names[name!]!];
        return write(item, (held) => {
          if (ConditionExpression === undefined) return true;
          const [, name, compared, value] = /^(#\w+) ([<=]) (:\w+)$/.exec(ConditionExpression) ?? [];
          if (name === undefined) {
            throw new Error(`condition ${ConditionExpression}: not known to the metered table`);
          }
          const [left, right] = [textOf(held?.[names[name]!]), textOf(values[value!])];
          return compared === '<' ? left < right : left === right;
        });
      },
    },
    charges: () => charges,
    reset: () => {
      charges = new Map();
    },
    stored() {
      const bytes = new Map<Sort, number>();
      for (const [pk, partition] of partitions) {
        for (const [sk, held] of partition.held) {
          const sort = sortOf(pk, sk);
          bytes.set(sort, (bytes.get(sort) ?? 0) + held.bytes + storedOverheadBytes);
        }
      }
      return bytes;
    },
  };
}

type ReturnedCapacity = {
  readonly $metadata: object;
  readonly ConsumedCapacity: { readonly CapacityUnits: number };
};

function keyTexts(item: Attributes): { readonly pk: string; readonly sk: string } {
  return { pk: item.pk?.S ?? '', sk: item.sk?.S ?? '' };
}

function textOf(value: Attributes[string] | undefined): string {
  return value?.S ?? value?.N ?? '';
}

function bytesOf(item: Attributes): number {
  return itemBytes(item as Readonly<Record<string, SizedValue>>);
}

function sortOf(pk: string, sk: string): Sort {
  if (pk === shardsPartition) return 'entry';
  if (pk.startsWith('log#')) return 'delta';
  if (pk.startsWith('ids#')) return 'ids';
  const address = readItemKey({ pk, sk });
  return address ? `${address.group} by ${address.size}` : 'entry';
}
