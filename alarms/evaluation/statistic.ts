import type { Samples } from './metric';

export type Statistic = (samples: readonly Samples[]) => number;

const sumOf = (samples: readonly Samples[], of: (one: Samples) => number): number =>
  samples.reduce((sum, one) => sum + of(one), 0);

const statistics: Readonly<Record<string, Statistic>> = {
  SampleCount: (samples) => sumOf(samples, ({ count }) => count),
  Sum: (samples) => sumOf(samples, ({ sum }) => sum),
  Average: (samples) => sumOf(samples, ({ sum }) => sum) / sumOf(samples, ({ count }) => count),
  Minimum: (samples) => samples.reduce((least, { min }) => Math.min(least, min), Number.POSITIVE_INFINITY),
  Maximum: (samples) => samples.reduce((most, { max }) => Math.max(most, max), Number.NEGATIVE_INFINITY),
};

export const statisticNames = `${Object.keys(statistics).join(', ')}, or a percentile such as p99`;

/** The statistic of that name, for samples of which there are some; undefined if there is no such name. */
export function statisticNamed(name: string): Statistic | undefined {
  if (Object.hasOwn(statistics, name)) return statistics[name];
  const percent = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name)?.[1];
  return percent === undefined ? undefined : percentile(Number(percent));
}

/** The least value that so many percent of the values do not exceed. */
function percentile(percent: number): Statistic {
  return (samples) => {
    const counts = new Map<number, number>();
    for (const { values } of samples)
      for (const [value, count] of values) counts.set(value, (counts.get(value) ?? 0) + count);
    const sorted = [...counts].sort(([a], [b]) => a - b);
    const total = sorted.reduce((sum, [, count]) => sum + count, 0);
    let below = 0;
    for (const [value, count] of sorted) {
      below += count;
      if (below >= (percent / 100) * total) return value;
    }
    return sorted.at(-1)?.[0] ?? Number.NaN;
  };
}
