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
