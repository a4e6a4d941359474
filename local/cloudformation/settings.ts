import { isJsonObject, type Json, type JsonObject } from './template';

/** Where a property stands, for messages. */
export interface Place {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  /** Path of the object that holds the property: empty, or `A.B.` with its final dot. */
  readonly path: string;
}

/**
 * What the laptop does with a property. Each resource type lists all that it knows: a property that is not
 * listed is refused, so that nothing in a template is ignored by accident.
 */
export type Rule =
  /** Read and acted upon. */
  | 'handled'
  /** Accepted, since it changes nothing that can be seen here. */
  | { readonly harmless: string }
  /** Accepted with one of these values only. */
  | { readonly only: readonly Json[]; readonly because: string }
  /** Never accepted. */
  | { readonly refused: string };

export type Rules = Readonly<Record<string, Rule>>;

export const harmless = (reason: string): Rule => ({ harmless: reason });
export const only = (values: readonly Json[], because: string): Rule => ({ only: values, because });
export const refused = (reason: string): Rule => ({ refused: reason });

/** A template asks for something that the laptop cannot do as AWS would. */
export class UnsupportedSetting extends Error {
  override readonly name = 'UnsupportedSetting';
}

/** Throws the error that names the stack, the resource, the property, its value and what is supported. */
export function refuse(place: Place, property: string, value: Json | undefined, supported: string): never {
  const shown = value === undefined ? 'is missing' : `= ${JSON.stringify(value)} cannot be honoured`;
  throw new UnsupportedSetting(
    `stack ${place.stack}, resource ${place.logicalId} (${place.type}): ` +
      `${place.path}${property} ${shown} on the laptop; supported: ${supported}`,
  );
}

/** Refuses each property that the rules do not allow; the rest is for the caller to read. */
export function checkProperties(place: Place, properties: JsonObject, rules: Rules): void {
  for (const [property, value] of Object.entries(properties)) {
    if (value === undefined) continue;
    // An own property: a template may well hold a key named `constructor`.
    const rule = Object.hasOwn(rules, property) ? rules[property] : undefined;
    if (rule === undefined)
      refuse(place, property, value, 'nothing is known about this property, leave it out');
    if (rule === 'handled' || 'harmless' in rule) continue;
    if ('refused' in rule) refuse(place, property, value, `leave it out (${rule.refused})`);
    if (!rule.only.some((allowed) => same(allowed, value))) {
      const allowed = rule.only.map((one) => JSON.stringify(one)).join(' or ');
      refuse(place, property, value, `${allowed} (${rule.because})`);
    }
  }
}

/** CloudFormation takes numbers and booleans as text too, and templates hold both. */
const same = (left: Json, right: Json): boolean =>
  typeof left === 'object' || typeof right === 'object'
    ? JSON.stringify(left) === JSON.stringify(right)
    : String(left) === String(right);

export interface Bounds {
  readonly min: number;
  readonly max: number;
  /** Taken when the property is absent; without it the property is required. */
  readonly byDefault?: number;
  /** Accepted besides the range: -1, where that means without end. */
  readonly or?: number;
  /** Numbers with a fraction are accepted too. */
  readonly fractions?: boolean;
}

export function numberOf(place: Place, properties: JsonObject, property: string, bounds: Bounds): number {
  const value = properties[property];
  if (value === undefined && bounds.byDefault !== undefined) return bounds.byDefault;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  const isNumber =
    typeof number === 'number' && (bounds.fractions ? Number.isFinite(number) : Number.isInteger(number));
  if (isNumber && ((number >= bounds.min && number <= bounds.max) || number === bounds.or)) return number;
  const kind = bounds.fractions ? 'a number' : 'a whole number';
  const or = bounds.or === undefined ? '' : `, or ${bounds.or}`;
  return refuse(place, property, value, `${kind} from ${bounds.min} to ${bounds.max}${or}`);
}

export function booleanOf(
  place: Place,
  properties: JsonObject,
  property: string,
  byDefault: boolean,
): boolean {
  const value = properties[property];
  if (value === undefined) return byDefault;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  return refuse(place, property, value, 'true or false');
}

/** Text, absent only if the property is. */
export function optionalTextOf(place: Place, properties: JsonObject, property: string): string | undefined {
  const value = properties[property];
  if (value === undefined || typeof value === 'string') return value;
  return refuse(place, property, value, 'text');
}

export function textOf(place: Place, properties: JsonObject, property: string): string {
  return optionalTextOf(place, properties, property) ?? refuse(place, property, undefined, 'text');
}

export function oneOf<const T extends string>(
  place: Place,
  properties: JsonObject,
  property: string,
  allowed: readonly T[],
  byDefault?: T,
): T {
  const value = properties[property] ?? byDefault;
  return allowed.find((one) => one === value) ?? refuse(place, property, value, allowed.join(' or '));
}

/** An object below a property, and its place; absent counts as empty. */
export function objectOf(place: Place, properties: JsonObject, property: string): [Place, JsonObject] {
  const value = properties[property] ?? {};
  if (!isJsonObject(value)) return refuse(place, property, value, 'an object');
  return [{ ...place, path: `${place.path}${property}.` }, value];
}

/** The objects of a list below a property, each with its place; absent counts as empty. */
export function objectsOf(place: Place, properties: JsonObject, property: string): [Place, JsonObject][] {
  const value = properties[property] ?? [];
  if (!Array.isArray(value)) return refuse(place, property, value, 'a list of objects');
  return value.map((item: Json, index) =>
    isJsonObject(item)
      ? [{ ...place, path: `${place.path}${property}[${index}].` }, item]
      : refuse(place, `${property}[${index}]`, item, 'an object'),
  );
}
