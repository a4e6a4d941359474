/** What several rounds measured of one thing. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** @param numbers at least one */
export function spread(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((a, b) => a - b);
  return {
    median: sorted[Math.floor(sorted.length / 2)]!,
    least: sorted[0]!,
    most: sorted[sorted.length - 1]!,
  };
}

/** Of each round by itself, so that what disturbed the machine then disturbed both sides. */
export function ratio(of: readonly number[], to: readonly number[]): Spread {
  return spread(of.map((value, round) => value / to[round]!));
}

/** Of milliseconds. */
export function inSeconds({ median, least, most }: Spread): Spread {
  return { median: median / 1_000, least: least / 1_000, most: most / 1_000 };
}

/** As tables have it: `median (least–most)`, each with as many decimal places as asked for. */
export function spreadText({ median, least, most }: Spread, places: number): string {
  const digits = { minimumFractionDigits: places, maximumFractionDigits: places };
  const [middle, low, high] = [median, least, most].map((value) => value.toLocaleString('en', digits));
  return `${middle} (${low}–${high})`;
}
