import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { AggregatesTable as attributes } from '../../domain/counter-item';

/** Items by key, each as one line of text that holds all that has to be the same over schedules. */
export type Contents = ReadonlyMap<string, string>;

export type PlainItem = Readonly<Record<string, string>>;

export function itemId({ pk, sk }: { readonly pk: string; readonly sk: string }): string {
  return `${pk} ${sk}`;
}

/** All but the bound of an item's size, which may be above the truth. */
export function itemText(item: PlainItem): string {
  return Object.keys(item)
    .filter((name) => name !== attributes.sizeBound)
    .sort()
    .map((name) => `${JSON.stringify(name)}=${JSON.stringify(item[name])}`)
    .join(' ');
}

export function plainItem(item: Readonly<Record<string, AttributeValue>>): PlainItem {
  return Object.fromEntries(Object.entries(item).map(([name, { S, N }]) => [name, S ?? N ?? '?']));
}

/** Every item that differs, as it should be and as it is; empty if none does. */
export function differences(expected: Contents, actual: Contents): string[] {
  return [...new Set([...expected.keys(), ...actual.keys()])]
    .filter((id) => expected.get(id) !== actual.get(id))
    .map(
      (id) => `${id}\n  expected ${expected.get(id) ?? 'no item'}\n  found    ${actual.get(id) ?? 'no item'}`,
    );
}
