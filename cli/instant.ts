import { parseTimestamp } from '../domain/event/timestamp';
import { SetupError } from './setup-error';

/** Epoch milliseconds of an option's value; a date alone is its midnight in UTC. Throws a `SetupError` for anything else. */
export function parseInstant(option: string, text: string): number {
  const at = parseTimestamp(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00Z` : text);
  if (at !== undefined) return at;
  throw new SetupError(
    `--${option} is "${text}"; allowed: a date (2026-01-31) or a time with its zone (2026-01-31T09:30Z)`,
  );
}
