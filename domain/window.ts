/** A window of event time: the minute or the hour, in UTC, that an instant lies in. */
export type WindowSize = 'minute' | 'hour';

export const windowSizes: readonly WindowSize[] = ['minute', 'hour'];

/** A day is for distinct things alone: counts of hours add up to those of days. */
export const windowMs: Readonly<Record<WindowSize | 'day', number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** Epoch milliseconds of the start of the window that `at` lies in. */
export function windowStart(size: WindowSize | 'day', at: number): number {
  return Math.floor(at / windowMs[size]) * windowMs[size];
}

/** The start of a window as ISO 8601 to the second: `2026-01-31T09:30:00Z`. Its order as text is its order in time. */
export function formatWindow(start: number): string {
  return `${new Date(start).toISOString().slice(0, 19)}Z`;
}
