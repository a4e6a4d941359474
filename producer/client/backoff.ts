export interface BackoffSettings {
  /** Mean wait before the second attempt is half of this. @default 100 */
  readonly baseMs: number;
  /** No wait is longer. @default 5000 */
  readonly capMs: number;
}

export const defaultBackoff: BackoffSettings = { baseMs: 100, capMs: 5000 };

/** Exponential backoff with full jitter: anything from nothing to the ceiling, which doubles with each attempt. */
export function backoffMs(attemptsMade: number, random: () => number, settings: BackoffSettings): number {
  return random() * Math.min(settings.capMs, settings.baseMs * 2 ** (attemptsMade - 1));
}
