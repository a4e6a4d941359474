import { counterKey } from './counter-item';
import { counterValue } from './counter-value';
import type { Dimension } from './dimensions';
import { bucketOf } from './hash';
import { OpenRun, type Place, type Tally } from './item-run';
import { OpenWindows } from './open-windows';
import { windowSizes } from './window';

/** Counts the events of a shard by one dimension. */
export class OpenDimension {
  private readonly values = new Map<string, OpenValue>();
  /** By window size. */
  private readonly runs: readonly OpenWindows<OpenRun>[];

  /** @param opened told of each run, in the order in which they come up */
  constructor(
    readonly dimension: Dimension,
    shard: string,
    opened: (run: OpenRun) => void,
  ) {
    this.runs = windowSizes.map(
      (window) =>
        new OpenWindows((start, bucket) => {
          const run = new OpenRun(counterKey(dimension.name, bucket, window, start, shard), window);
          opened(run);
          return run;
        }),
    );
  }

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
    const bucket = bucketOf(value, this.dimension.buckets);
    const open = { value, isCut: cut, bucket, starts: [], runs: [], tallies: [] };
    this.values.set(raw, open);
    return open;
  }

  private move(open: OpenValue, size: number, start: number): void {
    const run = this.runs[size]!.at(start, open.bucket);
    open.starts[size] = start;
    open.runs[size] = run;
    open.tallies[size] = run.tally(open.value);
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
