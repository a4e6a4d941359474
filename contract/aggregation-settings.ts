import type { RetentionSettings } from '../domain/counters/retention';
import type { UniqueVisitorScope } from '../domain/visitors/uniques';

/**
 * The settings that whoever recounts or checks the counters needs to decide as the aggregator does. The aggregation stack
 * writes them as JSON into its output `AggregatorSettings`.
 */
export interface AggregationSettings extends RetentionSettings {
  /** Age in days up to which events count in their minutes; 0 for any. */
  readonly minutesForDays: number;
  /** Days that a shard's deltas live. */
  readonly logDays: number;
  /** Age at which a batch is given up. */
  readonly maxRecordAgeSeconds: number;
  /** 0 if duplicates are not removed. */
  readonly deduplicationSeconds: number;
  readonly uniqueVisitors: UniqueVisitorScope;
}
