import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { AggregatesTable as attributes } from '../../domain/counter-item';
import { UniqueAttributes } from '../../domain/unique-item';

/** Items by key, each as one line of text that holds all that has to be the same over schedules. */
export type Contents = ReadonlyMap<string, string>;

/** Attributes as text; bytes in hexadecimal digits. */
export type PlainItem = Readonly<Record<string, string>>;

/** What depends on the schedule: a bound that may be above the truth, and how often sketches were written. */
const incidental: readonly string[] = [attributes.sizeBound, UniqueAttributes.version];

/** All of an item that has to be the same over schedules. */
export function itemText(item: PlainItem): string {
  return Object.keys(item)
    .filter((name) => !incidental.includes(name))
    .sort()
    .map((name) => `${JSON.stringify(name)}=${JSON.stringify(item[name])}`)
    .join(' ');
}

export function plainItem(item: Readonly<Record<string, AttributeValue>>): PlainItem {
  return Object.fromEntries(
    Object.entries(item).map(([name, { S, N, B }]) => [name, S ?? N ?? Buffer.from(B ?? []).toString('hex')]),
  );
}

/** Every item that differs, as it should be and as it is; empty if none does. */
export function differences(expected: Contents, actual: Contents): string[] {
  return [...new Set([...expected.keys(), ...actual.keys()])]
    .filter((id) => expected.get(id) !== actual.get(id))
    .map(
      (id) => `${id}\n  expected ${expected.get(id) ?? 'no item'}\n  found    ${actual.get(id) ?? 'no item'}`,
    );
}
