import type { CounterKey } from './counter-item';
import { counterValue } from './counter-value';
import type { ClickObserver, ClickPlace } from './fold';
import { bucketOf } from './hash';
import { OpenWindows } from './open-windows';
import type { Click } from './record';
import { type Touch, touchOf } from './sketch';
import { type UniqueTouches, uniqueKey } from './unique-item';
import type { Unique } from './uniques';
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
  private readonly opened: OpenRun[] = [];
  private readonly uniques: readonly OpenUnique[];

  /**
   * @param shard `stream/shardId`
   * @param uniques what is counted
   */
  constructor(shard: string, uniques: readonly Unique[]) {
    this.uniques = uniques.map((unique) => new OpenUnique(unique, shard, (run) => this.opened.push(run)));
  }

  readonly add: ClickObserver = (click, place) => {
    for (const unique of this.uniques) unique.add(click, place);
  };

  runs(): readonly UniqueRun[] {
    return this.opened;
  }
}

/** One of the things that are counted. */
class OpenUnique {
  private readonly values = new Map<string, { readonly value: string; readonly bucket: number }>();
  private readonly windows;

  constructor(
    private readonly unique: Unique,
    shard: string,
    opened: (run: OpenRun) => void,
  ) {
    this.windows = unique.windows.map((size) => {
      const runs = new OpenWindows((start, bucket) => {
        const run = new OpenRun(uniqueKey(unique, bucket, size, start, shard), unique.precision);
        opened(run);
        return run;
      });
      return { size, runs };
    });
  }

  add(click: Click, place: ClickPlace): void {
    const hash = click.hash(this.unique.id);
    if (!hash) return;
    const { value, bucket } = this.value(this.unique.valueOf(click));
    const touched = touchOf(this.unique.precision, hash);
    for (const { size, runs } of this.windows) {
      runs.at(windowStart(size, click.at), bucket).add(value, touched, place);
    }
  }

  private value(raw: string) {
    const known = this.values.get(raw);
    if (known) return known;
    const { value } = counterValue(raw);
    const open = { value, bucket: bucketOf(value, this.unique.buckets) };
    this.values.set(raw, open);
    return open;
  }
}

class OpenRun implements UniqueRun {
  readonly touches = new Map<string, Set<Touch>>();
  lastArrivedAt = 0;
  private firstPlace: ClickPlace | undefined;

  constructor(
    readonly key: CounterKey,
    readonly precision: UniqueRun['precision'],
  ) {}

  /** @throws Error for a run without an event; none is opened but for one */
  get first(): ClickPlace {
    if (!this.firstPlace) throw new Error(`run of ${this.key.pk} without an event`);
    return this.firstPlace;
  }

  add(value: string, touched: Touch, place: ClickPlace): void {
    this.firstPlace ??= place;
    const known = this.touches.get(value);
    if (known) known.add(touched);
    else this.touches.set(value, new Set([touched]));
    if (place.arrivedAt > this.lastArrivedAt) this.lastArrivedAt = place.arrivedAt;
  }
}
