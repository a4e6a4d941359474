import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { DynamoCalls } from '../../lambda/aggregator/counters-table';

type Item = Record<string, AttributeValue>;

export interface MemoryDynamo extends DynamoCalls {
  items(): readonly Item[];
  /** Updates made, and updates that a condition refused. */
  readonly counts: { applied: number; refused: number };
}

/**
 * Evaluates the update and condition expressions themselves, as far as the aggregator uses the language: SET and
 * ADD of placeholders, comparisons, attribute_not_exists, AND and OR. A mistake in an expression shows here, and
 * thousands of schedules take seconds. That it agrees with a table on the wire is tested beside it.
 */
export function createMemoryDynamo(): MemoryDynamo {
  const items = new Map<string, Item>();
  const counts = { applied: 0, refused: 0 };
  return {
    counts,
    items: () => [...items.values()],
    get: async ({ Key }) => {
      const item = items.get(JSON.stringify(Key));
      return { $metadata: {}, ...(item ? { Item: structuredClone(item) } : {}) };
    },
    update: async (input) => {
      const id = JSON.stringify(input.Key);
      const item: Item = items.get(id) ?? {};
      if (!holds(input, item)) {
        counts.refused++;
        throw new ConditionalCheckFailedException({
          $metadata: { attempts: 1 },
          message: 'The conditional request failed',
          ...(items.has(id) ? { Item: structuredClone(item) } : {}),
        });
      }
      counts.applied++;
      items.set(id, { ...input.Key, ...item, ...changes(input, item) });
      return { $metadata: { attempts: 1 } };
    },
  };
}

function changes(input: UpdateItemCommandInput, item: Item): Item {
  const { names, values } = placeholders(input);
  const [, sets = '', adds = ''] = /^SET (.*?) ADD (.*)$/.exec(input.UpdateExpression ?? '') ?? [];
  const changed: Item = {};
  for (const assignment of sets.split(', ')) {
    const [name, value] = assignment.split(' = ');
    changed[names(name)] = values(value);
  }
  for (const addition of adds.split(', ')) {
    const [name, value] = addition.split(' ');
    const attribute = names(name);
    if (attribute in changed) throw new Error(`Two document paths overlap with each other: ${attribute}`);
    changed[attribute] = { N: String(Number(item[attribute]?.N ?? 0) + Number(values(value).N)) };
  }
  return changed;
}

function holds(input: UpdateItemCommandInput, item: Item): boolean {
  const { names, values } = placeholders(input);
  const comparison = (text: string): boolean => {
    const absent = /^attribute_not_exists\((\S+)\)$/.exec(text);
    if (absent) return !(names(absent[1]) in item);
    const [, name, operator, value] = /^(\S+) (=|<|<=) (\S+)$/.exec(text) ?? [];
    const held = item[names(name)];
    if (!held) return false;
    const [left, right] = [comparable(held), comparable(values(value))];
    if (typeof left !== typeof right) return false;
    return operator === '=' ? left === right : operator === '<' ? left < right : left <= right;
  };
  const alternatives = (text: string): boolean =>
    text
      .replace(/^\((.*)\)$/, '$1')
      .split(' OR ')
      .some(comparison);
  return (input.ConditionExpression ?? '')
    .split(' AND ')
    .every((clause) => (clause === '' ? true : alternatives(clause)));
}

function comparable(value: AttributeValue): string | number {
  return value.N === undefined ? String(value.S) : Number(value.N);
}

function placeholders(input: UpdateItemCommandInput) {
  const known = <T>(map: Record<string, T> | undefined, placeholder: string | undefined): T => {
    const found = map?.[placeholder ?? ''];
    if (found === undefined) throw new Error(`placeholder ${placeholder} is not defined`);
    return found;
  };
  return {
    names: (placeholder: string | undefined) => known(input.ExpressionAttributeNames, placeholder),
    values: (placeholder: string | undefined) => known(input.ExpressionAttributeValues, placeholder),
  };
}
