/**
 * Windows of event time, in UTC, from the smallest. Events are counted in minutes, or in hours if they come too late for
 * their minute; the larger windows follow from those.
 */
export const windowSizes = ['minute', 'hour', 'day'] as const;

export type WindowSize = (typeof windowSizes)[number];

export const windowMs: Readonly<Record<WindowSize, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

export function isWindowSize(text: string | undefined): text is WindowSize {
  return windowSizes.some((size) => size === text);
}

/** Something for each window size. */
export function byWindowSize<Value>(make: (size: WindowSize) => Value): Readonly<Record<WindowSize, Value>> {
  return Object.fromEntries(windowSizes.map((size) => [size, make(size)])) as Record<WindowSize, Value>;
}

/** Epoch milliseconds of the start of the window that `at` lies in. */
export function windowStart(size: WindowSize, at: number): number {
  return startOfNumber(size, windowNumber(size, at));
}

/** The number of the window that `at` lies in, counted from the epoch. */
export function windowNumber(size: WindowSize, at: number): number {
  return Math.floor(at / windowMs[size]);
}

/** The start of a window by its number. */
export function startOfNumber(size: WindowSize, number: number): number {
  return number * windowMs[size];
}

/** The start of a window as ISO 8601 to the second: `2026-01-31T09:30:00Z`. Its order as text is its order in time. */
export function formatWindow(start: number): string {
  return `${new Date(start).toISOString().slice(0, 19)}Z`;
}
