/**
 * What is being filled for windows of one size, each spread over buckets. Most events lie in the window of the event
 * before, whose buckets are at hand.
 */
export class OpenWindows<Run> {
  private readonly byStart = new Map<number, (Run | undefined)[]>();
  private lastStart = Number.NaN;
  private lastBuckets: (Run | undefined)[] = [];

  constructor(private readonly open: (start: number, bucket: number) => Run) {}

  /** @param start of the window, in epoch milliseconds */
  at(start: number, bucket: number): Run {
    if (start !== this.lastStart) {
      this.lastBuckets = this.byStart.get(start) ?? [];
      this.byStart.set(start, this.lastBuckets);
      this.lastStart = start;
    }
    const known = this.lastBuckets[bucket];
    if (known) return known;
    const run = this.open(start, bucket);
    this.lastBuckets[bucket] = run;
    return run;
  }
}
