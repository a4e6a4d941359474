import type { CounterKey } from './counter-item';
import { counterValue } from './counter-value';
import type { ClickObserver, ClickPlace } from './fold';
import { fnv1a } from './hash';
import { hash64 } from './hash64';
import { type Touch, touchOf } from './sketch';
import { type UniqueTouches, uniqueKey } from './unique-item';
import type { Unique, UniqueWindow } from './uniques';
import { windowStart } from './window';

/** What one item of the table has to take from a batch. */
export interface UniqueRun extends UniqueTouches {
  readonly key: CounterKey;
  /** The first event of the batch that counts in the item. */
  readonly first: ClickPlace;
  /** The latest arrival of those events, in epoch milliseconds. */
  readonly lastArrivedAt: number;
}

/**
 * Collects, from the events of one shard in its order, what each item with sketches has to take. An event that its
 * sender sent twice needs no care: it touches what it has touched.
 */
export class UniqueFold {
  private readonly open = new Map<string, OpenRun>();

  /**
   * @param shard `stream/shardId`
   * @param uniques what is counted
   */
  constructor(
    private readonly shard: string,
    private readonly uniques: readonly Unique[],
  ) {}

  readonly add: ClickObserver = ({ event, at }, place) => {
    for (const [index, unique] of this.uniques.entries()) {
      const id = unique.idOf(event);
      if (id === undefined) continue;
      const { value } = counterValue(unique.valueOf(event));
      const bucket = unique.buckets === 1 ? 0 : fnv1a(value) % unique.buckets;
      const touched = touchOf(unique.precision, hash64(id));
      for (const window of unique.windows) {
        this.runOf(index, bucket, window, windowStart(window, at), place).add(
          value,
          touched,
          place.arrivedAt,
        );
      }
    }
  };

  runs(): readonly UniqueRun[] {
    return [...this.open.values()];
  }

  /** Printing a window is dear, so the item's key is made once an item. */
  private runOf(
    index: number,
    bucket: number,
    window: UniqueWindow,
    start: number,
    place: ClickPlace,
  ): OpenRun {
    const id = `${index}#${bucket}#${window}#${start}`;
    const known = this.open.get(id);
    if (known) return known;
    const unique = this.uniques[index]!;
    const run = new OpenRun(uniqueKey(unique, bucket, window, start, this.shard), unique.precision, place);
    this.open.set(id, run);
    return run;
  }
}

class OpenRun implements UniqueRun {
  readonly touches = new Map<string, Set<Touch>>();
  lastArrivedAt = 0;

  constructor(
    readonly key: CounterKey,
    readonly precision: UniqueRun['precision'],
    readonly first: ClickPlace,
  ) {}

  add(value: string, touched: Touch, arrivedAt: number): void {
    const known = this.touches.get(value);
    if (known) known.add(touched);
    else this.touches.set(value, new Set([touched]));
    if (arrivedAt > this.lastArrivedAt) this.lastArrivedAt = arrivedAt;
  }
}
