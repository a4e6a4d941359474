import {
  ConditionalCheckFailedException,
  type DeleteItemCommandInput,
  type DeleteItemCommandOutput,
  type PutItemCommandInput,
  type QueryCommandInput,
  type QueryCommandOutput,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { DynamoCalls } from '../../table/dynamo-calls';
import {
  compareBytes,
  copyOf,
  type Expression,
  type Item,
  placeholders,
  satisfies,
} from './dynamo-expression';

export interface MemoryDynamo extends DynamoCalls {
  delete(input: DeleteItemCommandInput, signal?: AbortSignal): Promise<DeleteItemCommandOutput>;
  items(): readonly Item[];
  /** Puts the table back to items that it held, as a restore does. */
  restore(held: readonly Item[]): void;
  /** Writes made, and writes that a condition refused. */
  readonly counts: { applied: number; refused: number };
}

export interface MemoryDynamoOptions {
  /** Items that one page of a query looks at, where the query names no lower limit. */
  readonly itemsPerPage?: number;
}

/**
 * A table in memory with the keys `pk` and `sk`. It evaluates the expressions themselves, as far as the product uses
 * the language (`dynamo-expression.ts`). A mistake in an expression shows here, and thousands of schedules take
 * seconds. That it agrees with a table on the wire is tested beside it.
 */
export function createMemoryDynamo({ itemsPerPage = 1_000 }: MemoryDynamoOptions = {}): MemoryDynamo {
  let partitions = new Map<string, Map<string, Item>>();
  const counts = { applied: 0, refused: 0 };

  const held = (key: Item | undefined): Item | undefined => partitions.get(pkOf(key))?.get(skOf(key));
  const hold = (item: Item): void => {
    const pk = pkOf(item);
    let partition = partitions.get(pk);
    if (!partition) {
      partition = new Map();
      partitions.set(pk, partition);
    }
    partition.set(skOf(item), item);
  };

  /** What the item holds, if the condition allows to write it. */
  const checked = (
    key: Item | undefined,
    input: Expression & { ConditionExpression?: string | undefined },
  ): Item => {
    const found = held(key);
    if (!satisfies(input.ConditionExpression, input, found ?? {})) {
      counts.refused++;
      throw new ConditionalCheckFailedException({
        $metadata: { attempts: 1 },
        message: 'The conditional request failed',
        ...(found ? { Item: copyOf(found) } : {}),
      });
    }
    counts.applied++;
    return found ?? {};
  };

  return {
    counts,
    items: () => [...partitions.values()].flatMap((partition) => [...partition.values()]),
    restore: (before) => {
      partitions = new Map();
      for (const item of before) hold(item);
    },
    get: async ({ Key }) => {
      const item = held(Key);
      return { $metadata: {}, ...(item ? { Item: copyOf(item) } : {}) };
    },
    batchGet: async (input) => {
      const Responses: Record<string, Item[]> = {};
      const UnprocessedKeys: Record<string, { Keys: Item[] }> = {};
      for (const [table, { Keys = [] }] of Object.entries(input.RequestItems ?? {})) {
        if (Keys.length === 0 || Keys.length > 100)
          throw new Error(`${Keys.length} keys; 1 to 100 are allowed`);
        const processed = Keys.slice(0, itemsPerPage);
        Responses[table] = processed.flatMap((key) => {
          const item = held(key);
          return item ? [copyOf(item)] : [];
        });
        // As DynamoDB leaves keys for later where the answer would be too large.
        if (processed.length < Keys.length) UnprocessedKeys[table] = { Keys: Keys.slice(processed.length) };
      }
      return { $metadata: {}, Responses, UnprocessedKeys };
    },
    update: async (input) => {
      const item = checked(input.Key, input);
      hold({ ...input.Key, ...changed(input, item) });
      return { $metadata: { attempts: 1 } };
    },
    put: async (input: PutItemCommandInput) => {
      checked(input.Item, input);
      hold(copyOf(input.Item ?? {}));
      return { $metadata: { attempts: 1 } };
    },
    delete: async (input) => {
      checked(input.Key, input);
      partitions.get(pkOf(input.Key))?.delete(skOf(input.Key));
      return { $metadata: { attempts: 1 } };
    },
    query: async (input) =>
      page(input, [...(partitions.get(partitionOf(input))?.values() ?? [])], itemsPerPage),
  };
}

function pkOf(key: Item | undefined): string {
  return key?.pk?.S ?? '';
}

function skOf(key: Item | undefined): string {
  return key?.sk?.S ?? '';
}

/** A query names one partition; its whole condition is looked at all the same. */
function partitionOf(input: QueryCommandInput): string {
  const [, name, value] = /(#\w+) = (:\w+)/.exec(input.KeyConditionExpression ?? '') ?? [];
  const { names, values } = placeholders(input);
  if (names(name) !== 'pk')
    throw new Error(`a query names its partition first: ${input.KeyConditionExpression}`);
  return values(value).S ?? '';
}

function page(input: QueryCommandInput, items: readonly Item[], itemsPerPage: number): QueryCommandOutput {
  for (const name of ['IndexName', 'FilterExpression', 'ProjectionExpression', 'Select'] as const) {
    if (input[name] !== undefined) throw new Error(`the table in memory knows no ${name}`);
  }
  const direction = input.ScanIndexForward === false ? -1 : 1;
  const order = (a: Item | undefined, b: Item | undefined): number =>
    direction * compareBytes(skOf(a), skOf(b));
  const found = items
    .filter((item) => satisfies(input.KeyConditionExpression, input, item))
    .filter((item) => !input.ExclusiveStartKey || order(item, input.ExclusiveStartKey) > 0)
    .sort(order);
  const Items = found.slice(0, Math.min(input.Limit ?? itemsPerPage, itemsPerPage)).map(copyOf);
  const last = Items.at(-1);
  // As DynamoDB does it, which does not look beyond the limit to see whether anything follows.
  const isCut = last && Items.length === Math.min(input.Limit ?? itemsPerPage, itemsPerPage);
  return {
    $metadata: {},
    Items,
    Count: Items.length,
    ...(isCut ? { LastEvaluatedKey: { pk: last.pk!, sk: last.sk! } } : {}),
  };
}

/** `SET … REMOVE … ADD …`, of which any may be missing, as placeholders. */
interface Update {
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly remove: readonly string[];
  readonly add: readonly (readonly [name: string, value: string])[];
}

/** Few texts come again and again. */
const parsedUpdates = new Map<string, Update>();

function parsedUpdate(text: string): Update {
  const known = parsedUpdates.get(text);
  if (known) return known;
  const section = (keyword: string): string[] =>
    new RegExp(`\\b${keyword} (.*?)(?= (?:SET|REMOVE|ADD) |$)`).exec(text)?.[1]?.split(', ') ?? [];
  const pairs = (keyword: string, between: string) =>
    section(keyword).map((part) => {
      const [name, value] = part.split(between);
      return [name ?? '', value ?? ''] as const;
    });
  const update = { set: pairs('SET', ' = '), remove: section('REMOVE'), add: pairs('ADD', ' ') };
  parsedUpdates.set(text, update);
  return update;
}

function changed(input: UpdateItemCommandInput, item: Item): Item {
  const { names, values } = placeholders(input);
  const { set, remove, add } = parsedUpdate(input.UpdateExpression ?? '');
  const result: Item = { ...item };
  const touched = new Set<string>();
  const touch = (placeholder: string): string => {
    const attribute = names(placeholder);
    if (touched.has(attribute)) throw new Error(`Two document paths overlap with each other: ${attribute}`);
    touched.add(attribute);
    return attribute;
  };
  for (const [name, value] of set) result[touch(name)] = values(value);
  for (const name of remove) delete result[touch(name)];
  for (const [name, value] of add) {
    const attribute = touch(name);
    result[attribute] = { N: String(Number(item[attribute]?.N ?? 0) + Number(values(value).N)) };
  }
  return copyOf(result);
}
