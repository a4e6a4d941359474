import { parseTimestamp } from '../domain/event/timestamp';
import { SetupError } from './setup-error';

/**
 * Epoch milliseconds of an option's value. Throws a `SetupError` for what is neither a date nor a time with its zone.
 *
 * @param startOfDate when a date alone begins; without it, at its midnight in UTC
 */
export function parseInstant(
  option: string,
  text: string,
  startOfDate: (date: string) => number = (date) => Date.parse(`${date}T00:00Z`),
): number {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const at = parseTimestamp(isDate ? `${text}T00:00Z` : text);
  if (at !== undefined) return isDate ? startOfDate(text) : at;
  throw new SetupError(
    `--${option} is "${text}"; allowed: a date (2026-01-31) or a time with its zone (2026-01-31T09:30Z)`,
  );
}

export interface RangeValues {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * What `--from` and `--to` say, in epoch milliseconds, each undefined where it is not given. Throws a `SetupError` if
 * nothing lies between them.
 *
 * @param startOfDate as for `parseInstant`
 */
export function parseInstants(
  { from: fromText, to: toText }: RangeValues,
  startOfDate?: (date: string) => number,
): { readonly from: number | undefined; readonly to: number | undefined } {
  const from = fromText === undefined ? undefined : parseInstant('from', fromText, startOfDate);
  const to = toText === undefined ? undefined : parseInstant('to', toText, startOfDate);
  if (from !== undefined && to !== undefined && from >= to) {
    throw new SetupError(
      `--from ${fromText} --to ${toText}: --to must be later; it is not part of the range`,
    );
  }
  return { from, to };
}
