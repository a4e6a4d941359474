import { isObject } from '../../domain/json/json-object';

type Plain = string | number | boolean | null;

/** One of the conditions that a field's value may meet, as far as the laptop knows EventBridge's. */
type Matcher =
  | Plain
  | { readonly exists: boolean }
  | { readonly prefix: string }
  | { readonly 'anything-but': readonly (string | number)[] | string | number };

/** What an event must be like: of each field that is named, one condition must be met (EventBridge docs: Event patterns). */
export interface EventPattern {
  readonly [field: string]: EventPattern | readonly Matcher[];
}

/** The path of the first part that the laptop cannot evaluate; undefined for a pattern that it can. */
export function unknownIn(pattern: unknown, path = ''): string | undefined {
  if (!isObject(pattern) || Object.keys(pattern).length === 0) return path || 'the pattern';
  for (const [field, inner] of Object.entries(pattern)) {
    const place = path === '' ? field : `${path}.${field}`;
    const isList = Array.isArray(inner);
    const unknown = isList
      ? inner.length === 0 || !inner.every(isMatcher)
        ? place
        : undefined
      : unknownIn(inner, place);
    // `$or` and the like.
    if (field.startsWith('$') || unknown !== undefined) return unknown ?? place;
  }
  return undefined;
}

/** Whether an event is what a pattern, in which nothing is unknown, asks for. */
export function matches(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, inner]) => {
    const value = isObject(event) ? event[field] : undefined;
    if (!Array.isArray(inner)) return matches(inner as EventPattern, value);
    // A list in the event matches where one of its members does.
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return (inner as readonly Matcher[]).some((matcher) => values.some((each) => meets(each, matcher)));
  });
}

function meets(value: unknown, matcher: Matcher): boolean {
  if (!isObject(matcher)) return value === matcher;
  if ('exists' in matcher) return (value !== undefined) === matcher.exists;
  if ('prefix' in matcher) return typeof value === 'string' && value.startsWith(String(matcher.prefix));
  // What is not there is not something else.
  if (value === undefined || isObject(value)) return false;
  const excluded: readonly unknown[] = [
    (matcher as { readonly 'anything-but': unknown })['anything-but'],
  ].flat();
  return !excluded.includes(value);
}

function isMatcher(value: unknown): boolean {
  if (!isObject(value)) return !Array.isArray(value);
  const [[kind, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length > 0) return false;
  if (kind === 'exists') return typeof argument === 'boolean';
  if (kind === 'prefix') return typeof argument === 'string';
  return (
    kind === 'anything-but' &&
    [argument].flat().every((each) => typeof each === 'string' || typeof each === 'number')
  );
}
