import { counterKey } from './counter-item';
import { counterValue } from './counter-value';
import type { Dimension } from './dimensions';
import { fnv1a } from './hash';
import { OpenRun, type Tally } from './item-run';
import { windowSizes } from './window';

type Place = Parameters<OpenRun['add']>[1];

/** Counts the events of a shard by one dimension. */
export class OpenDimension {
  private readonly values = new Map<string, OpenValue>();
  /** By window size the start of the window, by bucket the run. */
  private readonly runs = windowSizes.map(() => new Map<number, OpenRun[]>());

  /** @param opened told of each run, in the order in which they come up */
  constructor(
    readonly dimension: Dimension,
    private readonly shard: string,
    private readonly opened: (run: OpenRun) => void,
  ) {}

  /**
   * @param raw the event's value
   * @param starts of its window of each size, in epoch milliseconds
   * @param record number of its record
   */
  add(raw: string, starts: readonly number[], place: Place, record: number): void {
    const value = this.values.get(raw) ?? this.open(raw);
    for (let size = 0; size < starts.length; size++) {
      const start = starts[size]!;
      if (value.starts[size] !== start) this.move(value, size, start);
      value.runs[size]!.add(value.tallies[size]!, place, record, value.isCut);
    }
  }

  private open(raw: string): OpenValue {
    const { value, cut } = counterValue(raw);
    const { buckets } = this.dimension;
    const bucket = buckets === 1 ? 0 : fnv1a(value) % buckets;
    const open = { value, isCut: cut, bucket, starts: [], runs: [], tallies: [] };
    this.values.set(raw, open);
    return open;
  }

  private move(open: OpenValue, size: number, start: number): void {
    const run = this.run(size, start, open.bucket);
    open.starts[size] = start;
    open.runs[size] = run;
    open.tallies[size] = run.tally(open.value);
  }

  private run(size: number, start: number, bucket: number): OpenRun {
    const ofSize = this.runs[size]!;
    const ofWindow = ofSize.get(start) ?? [];
    ofSize.set(start, ofWindow);
    const known = ofWindow[bucket];
    if (known) return known;
    const window = windowSizes[size]!;
    const run = new OpenRun(counterKey(this.dimension.name, bucket, window, start, this.shard), window);
    ofWindow[bucket] = run;
    this.opened(run);
    return run;
  }
}

/** A value as events have it, and by window size where it was counted last, since most events are of the same windows. */
interface OpenValue {
  readonly value: string;
  readonly isCut: boolean;
  readonly bucket: number;
  readonly starts: number[];
  readonly runs: OpenRun[];
  readonly tallies: Tally[];
}
