export interface LatencyHistogram {
  record(ms: number): void;
  /** The latency in milliseconds that `fraction` of the measurements do not exceed; undefined without any. */
  quantile(fraction: number): number | undefined;
}

/** Neighbouring buckets differ by 2 %, so a quantile is at most 1 % off. */
const growth = 1.02;
const smallestMs = 0.01;
const buckets = 1000;
/** Of a bucket's logarithm. */
const bucketWidth = Math.log(growth);

/** Counts in buckets whose widths grow: constant memory, however many measurements there are (0.01 ms to an hour). */
export function createLatencyHistogram(): LatencyHistogram {
  const counts = new Float64Array(buckets);
  let total = 0;
  return {
    record(ms) {
      const index = ms <= smallestMs ? 0 : Math.ceil(Math.log(ms / smallestMs) / bucketWidth);
      counts[Math.min(index, buckets - 1)]! += 1;
      total++;
    },
    quantile(fraction) {
      if (total === 0) return undefined;
      const rank = Math.max(1, Math.ceil(total * fraction));
      let index = 0;
      for (let seen = counts[0]!; seen < rank && index < buckets - 1; seen += counts[index]!) index++;
      return smallestMs * growth ** (index - 0.5);
    },
  };
}
