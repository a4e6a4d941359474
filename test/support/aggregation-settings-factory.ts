import type { AggregationSettings } from '../../contract/aggregation-settings';
import { retentionSettings } from './retention-factory';

/** What a deployment's counters were made with; no two settings are the same. */
export function aggregationSettings(overrides: Partial<AggregationSettings> = {}): AggregationSettings {
  return {
    ...retentionSettings({ minuteRetentionDays: 13, hourRetentionDays: 14, dayRetentionDays: 15 }),
    minutesForDays: 17,
    logDays: 16,
    maxRecordAgeSeconds: 7_200,
    deduplicationSeconds: 150,
    uniqueVisitors: 'off',
    ...overrides,
  };
}
