import { type AttributeValue, ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { readItemKey, shardsPartition } from '../../domain/counters/table-layout';
import type { DynamoCalls } from '../../table/dynamo-calls';
import type { Attributes } from '../../table/item-attributes';

/** What an item of the table is: an item of counters or sketches by its group and window, or a part of the log. */
export type Sort = 'entry' | 'delta' | 'ids' | `${string} by ${string}`;

/** What DynamoDB charges for the items of one sort. */
export interface Charge {
  writes: number;
  writeUnits: number;
  writtenBytes: number;
  readUnits: number;
}

export interface MeteredTable {
  readonly calls: DynamoCalls;
  /** Since the last reset. */
  charges(): ReadonlyMap<Sort, Readonly<Charge>>;
  reset(): void;
}

interface Stored {
  readonly item: Attributes;
  readonly bytes: number;
}

/** A unit of a write, and of a consistent read (AWS docs: DynamoDB read and write operations). */
const [writeUnitBytes, readUnitBytes] = [1_024, 4_096];
/** A page of a query ends behind so many bytes (AWS docs: Query). */
const pageBytes = 1_000_000;

/**
 * A table in memory that charges as DynamoDB does: a write by the larger of the item before and after it, refused ones
 * as well; a query by the sum of what it finds; each item of a batch by itself. It knows the conditions that the
 * table's calls put, and no others.
 */
export function createMeteredTable(): MeteredTable {
  const partitions = new Map<string, Map<string, Stored>>();
  let charges = new Map<Sort, Charge>();

  const storedAt = (key: Attributes): Stored | undefined =>
    partitions.get(textOf(key.pk))?.get(textOf(key.sk));
  const chargeOf = (key: Attributes): Charge => {
    const sort = sortOf(textOf(key.pk), textOf(key.sk));
    const charge = charges.get(sort) ?? { writes: 0, writeUnits: 0, writtenBytes: 0, readUnits: 0 };
    charges.set(sort, charge);
    return charge;
  };

  function write(item: Attributes, allows: (stored: Attributes) => boolean) {
    const stored = storedAt(item);
    const isDone = allows(stored?.item ?? {});
    const bytes = isDone ? itemBytes(item) : 0;
    const CapacityUnits = unitsOf(Math.max(bytes, stored?.bytes ?? 0), writeUnitBytes);
    const charge = chargeOf(item);
    charge.writes++;
    charge.writeUnits += CapacityUnits;
    charge.writtenBytes += bytes;
    if (!isDone) throw new ConditionalCheckFailedException({ $metadata: {}, message: 'refused' });
    const partition = partitions.get(textOf(item.pk)) ?? new Map<string, Stored>();
    partitions.set(textOf(item.pk), partition.set(textOf(item.sk), { item, bytes }));
    return { $metadata: {}, ConsumedCapacity: { CapacityUnits } };
  }

  function read(key: Attributes, bytes: number): number {
    const units = unitsOf(bytes, readUnitBytes);
    chargeOf(key).readUnits += units;
    return units;
  }

  return {
    charges: () => charges,
    reset: () => {
      charges = new Map();
    },
    calls: {
      async get({ Key = {} }) {
        const stored = storedAt(Key);
        const CapacityUnits = read(Key, stored?.bytes ?? 0);
        return { $metadata: {}, ...(stored && { Item: stored.item }), ConsumedCapacity: { CapacityUnits } };
      },
      async batchGet({ RequestItems = {} }) {
        const [[TableName, { Keys = [] }] = ['', { Keys: [] as Attributes[] }]] =
          Object.entries(RequestItems);
        const found = Keys.map((key) => ({ key, stored: storedAt(key) }));
        const CapacityUnits = found.reduce((sum, { key, stored }) => sum + read(key, stored?.bytes ?? 0), 0);
        const items = found.flatMap(({ stored }) => (stored ? [stored.item] : []));
        return { $metadata: {}, Responses: { [TableName]: items }, ConsumedCapacity: [{ CapacityUnits }] };
      },
      async query({ ExpressionAttributeValues: values = {}, ExclusiveStartKey, ScanIndexForward }) {
        const [from, to] = [textOf(values[':from']), values[':to']?.S];
        const direction = ScanIndexForward === false ? -1 : 1;
        const start = ExclusiveStartKey?.sk?.S;
        const keys = [...(partitions.get(textOf(values[':pk'])) ?? [])]
          .filter(([sk]) => sk >= from && (to === undefined || sk <= to))
          .filter(([sk]) => start === undefined || (direction === 1 ? sk > start : sk < start))
          .sort(([a], [b]) => direction * (a < b ? -1 : 1));
        const page: Attributes[] = [];
        let bytes = 0;
        for (let index = 0; index < keys.length && bytes <= pageBytes; index++) {
          page.push(keys[index]![1].item);
          bytes += keys[index]![1].bytes;
        }
        const CapacityUnits = read(page[0] ?? { pk: values[':pk']!, sk: { S: '' } }, bytes);
        const { pk, sk } = page.at(-1) ?? {};
        return {
          $metadata: {},
          Items: page,
          ConsumedCapacity: { CapacityUnits },
          ...(page.length < keys.length && { LastEvaluatedKey: { pk: pk!, sk: sk! } }),
        };
      },
      put: async ({ Item = {}, ...condition }) => write(Item, (stored) => holds(condition, stored)),
      async update({ Key = {}, UpdateExpression = '', ...condition }) {
        const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = condition;
        const item: Attributes = { ...storedAt(Key)?.item, ...Key };
        for (const [, name, value] of UpdateExpression.matchAll(/(#\w+) = (:\w+)/g)) {
          item[names[name!]!] = values[value!]!;
        }
        for (const [, name] of UpdateExpression.matchAll(/REMOVE (#\w+)/g)) delete item[names[name!]!];
        return write(item, (stored) => holds(condition, stored));
      },
    },
  };
}

interface Condition {
  readonly ConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Attributes | undefined;
}

function holds(condition: Condition, stored: Attributes): boolean {
  const { ConditionExpression: text, ExpressionAttributeNames, ExpressionAttributeValues } = condition;
  if (text === undefined) return true;
  if (text === 'attribute_not_exists(#pk)') return stored.pk === undefined;
  const [, name, compared, value] = /^(#\w+) ([<=]) (:\w+)$/.exec(text) ?? [];
  if (name === undefined) throw new Error(`condition ${text}: not known to the metered table`);
  const left = textOf(stored[ExpressionAttributeNames![name]!]);
  const right = textOf(ExpressionAttributeValues![value!]);
  return compared === '<' ? left < right : left === right;
}

/** One at least. */
function unitsOf(bytes: number, unitBytes: number): number {
  return Math.max(1, Math.ceil(bytes / unitBytes));
}

/** Names and values (AWS docs: DynamoDB item sizes and formats), of the types that the table uses. */
export function itemBytes(item: Attributes): number {
  const sizes = Object.entries(item).map(([name, value]) => Buffer.byteLength(name) + valueBytes(value));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

function valueBytes({ S, N, B }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (B !== undefined) return B.byteLength;
  // A byte for each two significant digits, and one more; zeros at either end are not significant.
  if (N !== undefined) return Math.ceil(N.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length / 2) + 1;
  return 1;
}

function textOf(value: AttributeValue | undefined): string {
  return value?.S ?? value?.N ?? '';
}

function sortOf(pk: string, sk: string): Sort {
  if (pk === shardsPartition) return 'entry';
  if (pk.startsWith('log#')) return 'delta';
  if (pk.startsWith('ids#')) return 'ids';
  const address = readItemKey({ pk, sk });
  return address ? `${address.group} by ${address.size}` : 'entry';
}
