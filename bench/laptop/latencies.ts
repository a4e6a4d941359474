/** Milliseconds; `count` of them were measured. */
export interface Latencies {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

/** Undefined if nothing was measured. */
export function latenciesOf(millis: readonly number[]): Latencies | undefined {
  if (millis.length === 0) return undefined;
  const sorted = Float64Array.from(millis).sort();
  const at = (share: number): number => Math.round(sorted[Math.ceil(share * sorted.length) - 1]!);
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), most: at(1) };
}
