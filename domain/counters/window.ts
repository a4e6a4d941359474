/** A window of event time, in UTC. Only minutes are counted event by event; hours and days follow from them. */
export type WindowSize = 'minute' | 'hour' | 'day';

export const windowSizes: readonly WindowSize[] = ['minute', 'hour', 'day'];

export const windowMs: Readonly<Record<WindowSize, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** Epoch milliseconds of the start of the window that `at` lies in. */
export function windowStart(size: WindowSize, at: number): number {
  return Math.floor(at / windowMs[size]) * windowMs[size];
}

/** The start of a window as ISO 8601 to the second: `2026-01-31T09:30:00Z`. Its order as text is its order in time. */
export function formatWindow(start: number): string {
  return `${new Date(start).toISOString().slice(0, 19)}Z`;
}
