import { createHistogram } from 'node:perf_hooks';

export interface Latencies {
  record(ms: number): void;
  /** The latency in milliseconds that `percent` of the measurements do not exceed; undefined without any. */
  percentile(percent: number): number | undefined;
}

const longestMicros = 3_600_000_000;

/** Counts latencies up to an hour, which longer ones count as, in constant memory: a percentile is at most 1 % off. */
export function createLatencies(): Latencies {
  const histogram = createHistogram({ lowest: 1, highest: longestMicros, figures: 2 });
  return {
    record: (ms) => histogram.record(Math.min(Math.max(1, Math.round(ms * 1000)), longestMicros)),
    percentile: (percent) => (histogram.count === 0 ? undefined : histogram.percentile(percent) / 1000),
  };
}
