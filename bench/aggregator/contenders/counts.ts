/** Events by `dimension window start value`, for example `page minute 2026-01-01T12:00:00Z /pricing`. */
export type Counts = Map<string, number>;

export function addTo(counts: Counts, counter: string, count: number): void {
  counts.set(counter, (counts.get(counter) ?? 0) + count);
}

/** What the counters of one invocation of a contender are kept in, until somebody asks. */
export function createTaken(): { add(counts: Counts): void; take(): Counts } {
  let taken: Counts[] = [];
  return {
    add: (counts) => {
      taken.push(counts);
    },
    take: () => {
      const sum: Counts = new Map();
      for (const counts of taken) for (const [counter, count] of counts) addTo(sum, counter, count);
      taken = [];
      return sum;
    },
  };
}
