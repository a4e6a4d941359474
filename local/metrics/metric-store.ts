import type { Alarm } from '../../alarms/evaluation/alarm';
import { reachOf } from '../../alarms/evaluation/evaluate';
import { type Metric, type MetricSource, metricKey, type Samples } from '../../alarms/evaluation/metric';

export interface RecordOptions {
  /** How many measurements had the value (1). */
  readonly count?: number;
  /** When it was measured, in epoch milliseconds (now). */
  readonly at?: number;
}

/** Takes a measurement of a metric. */
export type RecordMetric = (metric: Metric, value: number, options?: RecordOptions) => void;

/** The metrics of the last hours, in memory: what CloudWatch would have been sent. */
export interface MetricStore extends MetricSource {
  readonly record: RecordMetric;
}

interface Bin extends Samples {
  count: number;
  sum: number;
  min: number;
  max: number;
  readonly values: Map<number, number>;
}

const minuteMs = 60_000;
const hoursKept = 3;
/** Far more than the templates' resources have; what a function might invent beyond them is left out. */
const mostSeries = 2_000;
/** Of a value, for percentiles: so many digits bound the values of a minute, and leave 0.5 % of error at most. */
const digits = 3;

/** How far back metrics must be kept: some hours, or as far as an alarm looks. */
export function keptMs(alarms: readonly Alarm[]): number {
  return Math.max(hoursKept * 3_600_000, ...alarms.map(reachOf)) + minuteMs;
}

/**
 * @param now epoch milliseconds
 * @param keepMs how far back the metrics reach
 */
export function createMetricStore(now: () => number, keepMs: number): MetricStore {
  const series = new Map<string, Map<number, Bin>>();
  let forgottenAt = 0;

  const forget = (): void => {
    const minute = Math.floor(now() / minuteMs);
    if (minute === forgottenAt) return;
    forgottenAt = minute;
    const oldest = minute - keepMs / minuteMs;
    for (const [key, bins] of series) {
      for (const at of bins.keys()) if (at < oldest) bins.delete(at);
      if (bins.size === 0) series.delete(key);
    }
  };

  const binsOf = (metric: Metric): Map<number, Bin> | undefined => {
    const key = metricKey(metric);
    const known = series.get(key);
    if (known || series.size >= mostSeries) return known;
    const bins = new Map<number, Bin>();
    series.set(key, bins);
    return bins;
  };

  return {
    record: (metric, value, { count = 1, at = now() } = {}) => {
      forget();
      if (count <= 0 || !Number.isFinite(value)) return;
      const bins = binsOf(metric);
      if (!bins) return;
      const minute = Math.floor(at / minuteMs);
      let bin = bins.get(minute);
      if (!bin) {
        bin = { count: 0, sum: 0, min: value, max: value, values: new Map() };
        bins.set(minute, bin);
      }
      bin.count += count;
      bin.sum += value * count;
      bin.min = Math.min(bin.min, value);
      bin.max = Math.max(bin.max, value);
      const rounded = Number(value.toPrecision(digits));
      bin.values.set(rounded, (bin.values.get(rounded) ?? 0) + count);
    },
    samples: (metric, from, to) => {
      const bins = series.get(metricKey(metric));
      if (!bins) return [];
      const found: Samples[] = [];
      for (let minute = Math.ceil(from / minuteMs); minute * minuteMs < to; minute++) {
        const bin = bins.get(minute);
        if (bin) found.push(bin);
      }
      return found;
    },
  };
}
