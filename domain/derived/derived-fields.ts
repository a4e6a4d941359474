import type { Field } from '../event/click-event';
import { referrerHost } from './referrer';
import { deviceOf } from './user-agent';

/** Members of an archive line that are made from one of the event's fields. */
export interface DerivedFields {
  readonly from: Field;
  readonly names: readonly string[];
  /** @param text of the field; empty where the event has none. What is undefined is left out of the line. */
  readonly derive: (text: string) => Readonly<Record<string, string | number | boolean | undefined>>;
}

/** Names and values by one type, so that a member without its name does not compile. */
function derived<Name extends string>(
  from: Field,
  names: readonly Name[],
  derive: (text: string) => Readonly<Record<Name, string | number | boolean | undefined>>,
): DerivedFields {
  return { from, names, derive };
}

/**
 * All of them, in the order in which they stand in a line. A line added here is archived, and events that bring its names
 * are rejected.
 */
export const derivedFields: readonly DerivedFields[] = [
  derived('userAgent', ['deviceClass', 'isBot'], deviceOf),
  derived('referrer', ['referrerHost'], (referrer) => ({ referrerHost: referrerHost(referrer) })),
];

export const derivedNames: readonly string[] = derivedFields.flatMap(({ names }) => names);
