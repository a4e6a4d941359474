import { byWindowSize, type WindowSize, windowMs, windowSizes } from './window';

/** Days that an item lives after the latest arrival that it counts, by the size of its window. */
export type RetentionDays = Readonly<Record<WindowSize, number>>;

/** The settings that say so, one for each window size: `minuteRetentionDays`, … */
export type RetentionSetting = `${WindowSize}RetentionDays`;
export type RetentionSettings = Readonly<Record<RetentionSetting, number>>;

/** Something for each of these settings. */
export function byRetentionSetting<Value>(
  make: (name: RetentionSetting) => Value,
): Readonly<Record<RetentionSetting, Value>> {
  const names = windowSizes.map((size): RetentionSetting => `${size}RetentionDays`);
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<RetentionSetting, Value>;
}

export function retentionDaysOf(settings: RetentionSettings): RetentionDays {
  return byWindowSize((size) => settings[`${size}RetentionDays`]);
}

/** For items that are compared, and not kept. */
export const keptForever: RetentionDays = byWindowSize(() => Infinity);

/** When an item may go, in epoch seconds. From the arrival, not from the window: late events live as long as others. */
export function expiryOf(arrivedAt: number, size: WindowSize, retentionDays: RetentionDays): number {
  return Math.floor((arrivedAt + retentionDays[size] * windowMs.day) / 1000);
}
