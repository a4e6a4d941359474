import {
  ConditionalCheckFailedException,
  type ConsumedCapacity,
  type DynamoDBClient,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Delta, DeltaContent, DeltaKind, Span } from '../domain/counters/delta';
import { decodeBody, encodeBody } from '../domain/counters/delta-body';
import type { Item } from '../domain/counters/item';
import { logBegin, type Place } from '../domain/counters/log-place';
import {
  entryKey,
  idsKey,
  logPartition,
  TableAttributes as names,
  shardsPartition,
  type TableKey,
} from '../domain/counters/table-layout';
import { decodeIds, encodeIds, type SeenIds } from '../domain/duplicates/ids-body';
import { type DynamoCalls, dynamoCalls } from './dynamo-calls';
import { type Attributes, itemAttributes, keyAttributes, keyOf, readItem } from './item-attributes';

/** What the table knows of a shard. It never expires. */
export interface ShardEntry {
  readonly shardKey: string;
  /** All deltas up to this place are in the items. */
  readonly compactedTo: Place;
  /** Epoch milliseconds. */
  readonly compactedAt: number | undefined;
  /** The latest arrival that is in the items, in epoch milliseconds. */
  readonly countedUntil: number | undefined;
  /** Until when functions may append without reading this entry again, in epoch milliseconds. */
  readonly activeUntil: number;
  /** Nothing is pending, and nothing can be appended before the entry is renewed. */
  readonly isSettled: boolean;
}

/** A delta whose body is decoded on demand. */
export type StoredDelta = Omit<Delta, 'content'> & {
  readonly bodyBytes: number;
  content(): DeltaContent;
};

/** A delta to put, with its content. */
export type NewDelta = Omit<Delta, 'idsToken'>;

export interface StoredItem {
  readonly key: TableKey;
  readonly item: Item;
}

/** Sort keys of one partition: from the first, up to the second, which is excluded. */
export interface ItemRange {
  readonly pk: string;
  readonly from: string;
  readonly to: string;
}

/**
 * The aggregates table: entries, deltas, ids and items, each by the condition that its rule asks for. All reads are
 * strongly consistent.
 *
 * Each call throws whatever the client throws once its retries are over, or when the signal aborts.
 */
export interface LogTable {
  /** Capacity units that the calls so far were charged, as the table says. */
  readonly units: { read: number; write: number };
  entries(signal?: AbortSignal): Promise<ShardEntry[]>;
  entry(shardKey: string, signal?: AbortSignal): Promise<ShardEntry | undefined>;
  /** Puts the entry of a shard that has none; returns whether it had none. */
  createEntry(shardKey: string, activeUntil: number, signal?: AbortSignal): Promise<boolean>;
  renewEntry(shardKey: string, activeUntil: number, signal?: AbortSignal): Promise<void>;
  /** Moves `compactedTo`, only forwards; returns whether it did. */
  moveCompacted(
    shardKey: string,
    to: { readonly place: Place; readonly countedUntil: number; readonly at: number },
    signal?: AbortSignal,
  ): Promise<boolean>;
  /** Marks an entry that was not renewed meanwhile. */
  settleEntry(shardKey: string, activeUntil: number, signal?: AbortSignal): Promise<void>;
  /** The deltas whose predecessor stands at `from` or behind it, in their order. */
  deltas(shardKey: string, from: Place, signal?: AbortSignal): AsyncGenerator<StoredDelta>;
  /** All deltas, the last first. */
  deltasBackwards(shardKey: string, signal?: AbortSignal): AsyncGenerator<StoredDelta>;
  /** Puts a delta if its key is free; returns whether it was. */
  putDelta(
    shardKey: string,
    delta: NewDelta & { readonly idsToken: string | undefined },
    signal?: AbortSignal,
  ): Promise<boolean>;
  putIds(
    shardKey: string,
    ids: SeenIds & { readonly last: Place; readonly token: string; readonly expiresAt: number },
    signal?: AbortSignal,
  ): Promise<void>;
  /** The ids of deltas, as far as they are there; those of a delta without a token are none. */
  idsOf(
    shardKey: string,
    deltas: readonly Pick<Delta, 'last' | 'idsToken'>[],
    signal?: AbortSignal,
  ): Promise<SeenIds[]>;
  /** Items by key, in any order, without those that are not there. */
  items(keys: readonly TableKey[], signal?: AbortSignal): Promise<StoredItem[]>;
  itemsIn(range: ItemRange, signal?: AbortSignal): AsyncGenerator<StoredItem>;
  /** Puts an item if its place in the table is still `readSeq`, or it is still absent; returns whether it was. */
  putItem(key: TableKey, item: Item, readSeq: Place | undefined, signal?: AbortSignal): Promise<boolean>;
}

type Capacity = Pick<ConsumedCapacity, 'CapacityUnits'>;

/** The table behind a client. */
export function dynamoLogTable(client: DynamoDBClient, tableName: string): LogTable {
  return logTable(dynamoCalls(client), tableName);
}

/** The most that one BatchGetItem takes. */
const keysOfABatch = 100;

export function logTable(calls: DynamoCalls, TableName: string): LogTable {
  const units = { read: 0, write: 0 };
  const counted = { TableName, ReturnConsumedCapacity: 'TOTAL' } as const;
  const note = (kind: 'read' | 'write', capacity: Capacity | undefined): void => {
    units[kind] += capacity?.CapacityUnits ?? 0;
  };

  async function* query(input: Partial<QueryCommandInput>, signal?: AbortSignal): AsyncGenerator<Attributes> {
    let start: Attributes | undefined;
    do {
      const page = await calls.query(
        { ...counted, ConsistentRead: true, ...input, ...(start ? { ExclusiveStartKey: start } : {}) },
        signal,
      );
      note('read', page.ConsumedCapacity);
      yield* page.Items ?? [];
      start = page.LastEvaluatedKey;
    } while (start);
  }

  async function batchGet(keys: readonly TableKey[], signal?: AbortSignal): Promise<Attributes[]> {
    const found: Attributes[] = [];
    for (let begin = 0; begin < keys.length; begin += keysOfABatch) {
      let pending: Attributes[] | undefined = keys.slice(begin, begin + keysOfABatch).map(keyAttributes);
      while (pending && pending.length > 0) {
        const answer = await calls.batchGet(
          {
            ReturnConsumedCapacity: 'TOTAL',
            RequestItems: { [TableName]: { Keys: pending, ConsistentRead: true } },
          },
          signal,
        );
        for (const capacity of answer.ConsumedCapacity ?? []) note('read', capacity);
        found.push(...(answer.Responses?.[TableName] ?? []));
        pending = answer.UnprocessedKeys?.[TableName]?.Keys;
      }
    }
    return found;
  }

  /** Makes a write that carries a condition; returns whether it held. */
  async function ifHolds(
    write: () => Promise<{ readonly ConsumedCapacity?: Capacity | undefined }>,
  ): Promise<boolean> {
    try {
      note('write', (await write()).ConsumedCapacity);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  return {
    units,
    async entries(signal) {
      const entries: ShardEntry[] = [];
      for await (const item of query(inPartition(shardsPartition), signal)) entries.push(readEntry(item));
      return entries;
    },
    async entry(shardKey, signal) {
      const { Item, ConsumedCapacity } = await calls.get(
        { ...counted, Key: keyAttributes(entryKey(shardKey)), ConsistentRead: true },
        signal,
      );
      note('read', ConsumedCapacity);
      return Item && readEntry(Item);
    },
    createEntry: (shardKey, activeUntil, signal) =>
      ifHolds(() =>
        calls.put(
          {
            ...counted,
            Item: {
              ...keyAttributes(entryKey(shardKey)),
              [names.compactedTo]: { S: logBegin },
              [names.activeUntil]: { N: String(activeUntil) },
            },
            ...ifAbsent,
          },
          signal,
        ),
      ),
    async renewEntry(shardKey, activeUntil, signal) {
      const { ConsumedCapacity } = await calls.update(
        {
          ...counted,
          Key: keyAttributes(entryKey(shardKey)),
          UpdateExpression: 'SET #until = :until REMOVE #settled',
          ExpressionAttributeNames: { '#until': names.activeUntil, '#settled': names.settled },
          ExpressionAttributeValues: { ':until': { N: String(activeUntil) } },
        },
        signal,
      );
      note('write', ConsumedCapacity);
    },
    moveCompacted: (shardKey, { place, countedUntil, at }, signal) =>
      ifHolds(() =>
        calls.update(
          {
            ...counted,
            Key: keyAttributes(entryKey(shardKey)),
            UpdateExpression: 'SET #to = :to, #at = :at, #counted = :counted',
            ConditionExpression: '#to < :to',
            ExpressionAttributeNames: {
              '#to': names.compactedTo,
              '#at': names.compactedAt,
              '#counted': names.countedUntil,
            },
            ExpressionAttributeValues: {
              ':to': { S: place },
              ':at': { N: String(at) },
              ':counted': { N: String(countedUntil) },
            },
          },
          signal,
        ),
      ),
    async settleEntry(shardKey, activeUntil, signal) {
      await ifHolds(() =>
        calls.update(
          {
            ...counted,
            Key: keyAttributes(entryKey(shardKey)),
            UpdateExpression: 'SET #settled = :true',
            ConditionExpression: '#until = :until',
            ExpressionAttributeNames: { '#until': names.activeUntil, '#settled': names.settled },
            ExpressionAttributeValues: { ':until': { N: String(activeUntil) }, ':true': { BOOL: true } },
          },
          signal,
        ),
      );
    },
    async *deltas(shardKey, from, signal) {
      const found = query(
        {
          KeyConditionExpression: '#pk = :pk AND #sk >= :from',
          ExpressionAttributeNames: { '#pk': names.partitionKey, '#sk': names.sortKey },
          ExpressionAttributeValues: { ':pk': { S: logPartition(shardKey) }, ':from': { S: from } },
        },
        signal,
      );
      for await (const item of found) yield readDelta(item);
    },
    async *deltasBackwards(shardKey, signal) {
      const found = query({ ...inPartition(logPartition(shardKey)), ScanIndexForward: false }, signal);
      for await (const item of found) yield readDelta(item);
    },
    putDelta: (shardKey, delta, signal) =>
      ifHolds(() => calls.put({ ...counted, Item: deltaAttributes(shardKey, delta), ...ifAbsent }, signal)),
    async putIds(shardKey, { last, token, expiresAt, ...ids }, signal) {
      const { ConsumedCapacity } = await calls.put(
        {
          ...counted,
          Item: {
            ...keyAttributes(idsKey(shardKey, last, token)),
            [names.sliceMs]: { N: String(ids.sliceMs) },
            [names.ids]: { B: encodeIds(ids) },
            [names.timeToLive]: { N: String(expiresAt) },
          },
        },
        signal,
      );
      note('write', ConsumedCapacity);
    },
    async idsOf(shardKey, deltas, signal) {
      const keys = deltas.flatMap(({ last, idsToken }) =>
        idsToken === undefined ? [] : [idsKey(shardKey, last, idsToken)],
      );
      return (await batchGet(keys, signal)).map((item) =>
        decodeIds(item[names.ids]?.B ?? new Uint8Array(), Number(item[names.sliceMs]?.N)),
      );
    },
    items: async (keys, signal) => (await batchGet(keys, signal)).map(storedItem),
    async *itemsIn({ pk, from, to }, signal) {
      const found = query(
        {
          KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
          ExpressionAttributeNames: { '#pk': names.partitionKey, '#sk': names.sortKey },
          ExpressionAttributeValues: { ':pk': { S: pk }, ':from': { S: from }, ':to': { S: to } },
        },
        signal,
      );
      for await (const item of found) yield storedItem(item);
    },
    putItem: (key, item, readSeq, signal) =>
      ifHolds(() =>
        calls.put(
          {
            ...counted,
            Item: { ...keyAttributes(key), ...itemAttributes(item) },
            ...(readSeq === undefined ? ifAbsent : ifSeqIs(readSeq)),
          },
          signal,
        ),
      ),
  };
}

const ifAbsent = {
  ConditionExpression: 'attribute_not_exists(#pk)',
  ExpressionAttributeNames: { '#pk': names.partitionKey },
};

function ifSeqIs(seq: Place) {
  return {
    ConditionExpression: '#seq = :seq',
    ExpressionAttributeNames: { '#seq': names.seq },
    ExpressionAttributeValues: { ':seq': { S: seq } },
  };
}

function inPartition(pk: string): Partial<QueryCommandInput> {
  return {
    KeyConditionExpression: '#pk = :pk',
    ExpressionAttributeNames: { '#pk': names.partitionKey },
    ExpressionAttributeValues: { ':pk': { S: pk } },
  };
}

function storedItem(item: Attributes): StoredItem {
  return { key: keyOf(item), item: readItem(item) };
}

function readEntry(item: Attributes): ShardEntry {
  const number = (name: string): number | undefined => {
    const text = item[name]?.N;
    return text === undefined ? undefined : Number(text);
  };
  return {
    shardKey: keyOf(item).sk,
    compactedTo: item[names.compactedTo]?.S ?? logBegin,
    compactedAt: number(names.compactedAt),
    countedUntil: number(names.countedUntil),
    activeUntil: number(names.activeUntil) ?? 0,
    isSettled: item[names.settled]?.BOOL ?? false,
  };
}

const kinds: readonly DeltaKind[] = ['live', 'repair', 'rebuild'];

function deltaAttributes(
  shardKey: string,
  delta: NewDelta & { readonly idsToken: string | undefined },
): Attributes {
  return {
    ...keyAttributes({ pk: logPartition(shardKey), sk: delta.predecessor }),
    [names.last]: { S: delta.last },
    [names.kind]: { S: delta.kind },
    ...coversAttributes(delta),
    [names.arrived]: { N: String(delta.arrivedAt) },
    ...(delta.idsToken === undefined ? {} : { [names.idsToken]: { S: delta.idsToken } }),
    [names.body]: { B: encodeBody(delta.content) },
    [names.timeToLive]: { N: String(delta.expiresAt) },
  };
}

/** A live delta covers all from its first event to its last, whose place it has anyway. */
function coversAttributes({ kind, covers }: NewDelta): Attributes {
  if (kind === 'live') return { [names.first]: { S: covers[0]!.first } };
  if (covers.length === 0) return {};
  return { [names.covers]: { L: covers.map(({ first, last }) => ({ L: [{ S: first }, { S: last }] })) } };
}

function readDelta(item: Attributes): StoredDelta {
  const body = item[names.body]?.B ?? new Uint8Array();
  const last = item[names.last]?.S ?? '';
  const first = item[names.first]?.S;
  let content: DeltaContent | undefined;
  return {
    predecessor: keyOf(item).sk,
    last,
    kind: kinds.find((kind) => kind === item[names.kind]?.S) ?? 'live',
    covers:
      first !== undefined
        ? [{ first, last }]
        : (item[names.covers]?.L ?? []).map(
            ({ L }): Span => ({ first: L?.[0]?.S ?? '', last: L?.[1]?.S ?? '' }),
          ),
    arrivedAt: Number(item[names.arrived]?.N),
    idsToken: item[names.idsToken]?.S,
    expiresAt: Number(item[names.timeToLive]?.N),
    bodyBytes: body.length,
    content: () => {
      content ??= decodeBody(body);
      return content;
    },
  };
}
