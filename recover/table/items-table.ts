import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DeleteItemCommandInput,
  type DynamoDBClient,
  GetItemCommand,
  type GetItemCommandInput,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import {
  AggregatesTable as attributes,
  type CounterKey,
  countAttribute,
  countedValue,
  keyAttributes,
  keyOf,
} from '../../domain/counter-item';
import type { Position } from '../../domain/position';

/** What an item of the table counts. */
export interface Counted {
  readonly counts: ReadonlyMap<string, number>;
  /** Events of values for which it had no room. */
  readonly other: number;
  readonly cut: number;
  /** The last event counted. */
  readonly position: Position;
}

export interface HeldItem extends Counted {
  readonly key: CounterKey;
  readonly sizeBound: number;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

export interface NewItem extends Counted {
  /** Epoch seconds. */
  readonly expiresAt: number;
  readonly sizeBound: number;
}

/** The aggregates table, as recovery reads and writes it: whole items, each under the position that it was read at. */
export interface ItemsTable {
  /** Consistent; undefined if there is none. */
  read(key: CounterKey): Promise<HeldItem | undefined>;
  /** The items of a partition whose sort keys lie in the range, both ends included. Consistent, in order. */
  query(pk: string, from: string, to: string): Promise<readonly HeldItem[]>;
  /** Writes if the item still stands at `held`, or is still absent if that is undefined; else says false. */
  put(key: CounterKey, item: NewItem, held: Position | undefined): Promise<boolean>;
  /** Deletes if the item still stands at `held`; else says false. */
  remove(key: CounterKey, held: Position): Promise<boolean>;
}

type Item = Record<string, AttributeValue>;

/** The calls that it makes. */
export interface ItemCalls {
  get(input: GetItemCommandInput): Promise<{ readonly Item?: Item | undefined }>;
  query(
    input: QueryCommandInput,
  ): Promise<{ readonly Items?: Item[] | undefined; readonly LastEvaluatedKey?: Item | undefined }>;
  put(input: PutItemCommandInput): Promise<unknown>;
  delete(input: DeleteItemCommandInput): Promise<unknown>;
}

export function itemCalls(client: DynamoDBClient): ItemCalls {
  return {
    get: (input) => client.send(new GetItemCommand(input)),
    query: (input) => client.send(new QueryCommand(input)),
    put: (input) => client.send(new PutItemCommand(input)),
    delete: (input) => client.send(new DeleteItemCommand(input)),
  };
}

export function dynamoItemsTable(calls: ItemCalls, TableName: string): ItemsTable {
  const names = { '#seq': attributes.position };
  return {
    async read(key) {
      const { Item: item } = await calls.get({ TableName, Key: keyAttributes(key), ConsistentRead: true });
      return item && heldItem(item);
    },
    async query(pk, from, to) {
      const items: HeldItem[] = [];
      let start: Item | undefined;
      do {
        const page = await calls.query({
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
          ExpressionAttributeNames: { '#pk': attributes.partitionKey, '#sk': attributes.sortKey },
          ExpressionAttributeValues: { ':pk': { S: pk }, ':from': { S: from }, ':to': { S: to } },
          ...(start ? { ExclusiveStartKey: start } : {}),
        });
        items.push(...(page.Items ?? []).flatMap((item) => heldItem(item) ?? []));
        start = page.LastEvaluatedKey;
      } while (start);
      return items;
    },
    put: (key, item, held) =>
      unlessRefused(() =>
        calls.put({
          TableName,
          Item: { ...keyAttributes(key), ...itemAttributes(item) },
          ExpressionAttributeNames: names,
          ...(held === undefined
            ? { ConditionExpression: 'attribute_not_exists(#seq)' }
            : { ConditionExpression: '#seq = :held', ExpressionAttributeValues: { ':held': { S: held } } }),
        }),
      ),
    remove: (key, held) =>
      unlessRefused(() =>
        calls.delete({
          TableName,
          Key: keyAttributes(key),
          ConditionExpression: '#seq = :held',
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: { ':held': { S: held } },
        }),
      ),
  };
}

async function unlessRefused(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

function itemAttributes({ counts, other, cut, position, expiresAt, sizeBound }: NewItem): Item {
  const number = (value: number): AttributeValue => ({ N: String(value) });
  return {
    [attributes.position]: { S: position },
    [attributes.timeToLive]: number(expiresAt),
    [attributes.sizeBound]: number(sizeBound),
    ...(other > 0 ? { [attributes.other]: number(other) } : {}),
    ...(cut > 0 ? { [attributes.cut]: number(cut) } : {}),
    ...Object.fromEntries([...counts].map(([value, count]) => [countAttribute(value), number(count)])),
  };
}

/** Undefined for an item that counts nothing. */
function heldItem(item: Item): HeldItem | undefined {
  const position = item[attributes.position]?.S;
  if (position === undefined) return undefined;
  const number = (name: string): number => Number(item[name]?.N ?? 0);
  const counts = Object.entries(item).flatMap(([attribute, { N }]) => {
    const value = countedValue(attribute);
    return value === undefined ? [] : [[value, Number(N)] as const];
  });
  return {
    key: keyOf(item),
    counts: new Map(counts),
    other: number(attributes.other),
    cut: number(attributes.cut),
    position,
    sizeBound: number(attributes.sizeBound),
    expiresAt: number(attributes.timeToLive),
  };
}
