import {
  byRetentionSetting,
  type RetentionDays,
  type RetentionSettings,
} from '../../domain/counters/retention';
import { byWindowSize, windowSizes } from '../../domain/counters/window';

/** Days for each window size: those given, and for a size that is not named its own number of years. */
export function retentionDays(given: Partial<RetentionDays>): RetentionDays {
  return byWindowSize((size) => given[size] ?? 365 * (1 + windowSizes.indexOf(size)));
}

/** The settings of the same. */
export function retentionSettings(given: Partial<RetentionSettings>): RetentionSettings {
  let years = 0;
  return byRetentionSetting((name) => given[name] ?? 365 * ++years);
}
