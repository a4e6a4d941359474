import type { Field } from '../event/click-event';
import { referrerHost } from './referrer';
import { deviceOf } from './user-agent';

/** What a derived member may hold. */
type Derived = { readonly text: string; readonly boolean: boolean };

/** Members of an archive line that are made from one of the event's fields. */
export interface DerivedFields {
  readonly from: Field;
  /** By name, what they hold. */
  readonly types: Readonly<Record<string, keyof Derived>>;
  /** @param text of the field; empty where the event has none. What is undefined is left out of the line. */
  readonly derive: (text: string) => Readonly<Record<string, string | boolean | undefined>>;
}

/** Names and values by one type, so that a member without its name does not compile. */
function derived<const Types extends Readonly<Record<string, keyof Derived>>>(
  from: Field,
  types: Types,
  derive: (text: string) => { readonly [Name in keyof Types]: Derived[Types[Name]] | undefined },
): DerivedFields {
  return { from, types, derive };
}

/**
 * All of them, in the order in which they stand in a line. A line added here is archived and
 * a column of `archive`, and events that bring its names are rejected.
 */
export const derivedFields: readonly DerivedFields[] = [
  derived('userAgent', { deviceClass: 'text', isBot: 'boolean' }, deviceOf),
  derived('referrer', { referrerHost: 'text' }, (referrer) => ({ referrerHost: referrerHost(referrer) })),
];

export const derivedNames: readonly string[] = derivedFields.flatMap(({ types }) => Object.keys(types));
