import type { CounterKey } from './counter-item';
import type { Position } from './position';
import type { WindowSize } from './window';

/**
 * The events of one record that one item counts under one value. Grouped, because a record may hold half a million
 * lines that all count alike; and never beyond a record, so that a redelivery finds the same groups however the
 * records are cut into batches.
 */
export interface Entry {
  /** Of the first of the events. A group is counted whole or not at all, so it stands for all of them. */
  readonly position: Position;
  readonly sequenceNumber: string;
  readonly arrivedAt: number;
  readonly value: string;
  readonly count: number;
  /** How many of the events had a value that was cut. */
  readonly cut: number;
}

/** What all entries of a run come to. */
export interface RunTotal {
  /** Events by value, the values in the order of the shard. */
  readonly counts: ReadonlyMap<string, number>;
  readonly cut: number;
  /** Positions of the first and the last entry. */
  readonly first: Position;
  readonly last: Position;
  /** Arrival of the last entry, in epoch milliseconds. */
  readonly lastArrivedAt: number;
  /** How many there are. */
  readonly entries: number;
}

/** What one item of the table has to count from a batch. */
export interface ItemRun {
  readonly key: CounterKey;
  readonly window: WindowSize;
  /** In the order of the shard, at least one. They are made when they are asked for, which most runs never are. */
  readonly entries: readonly Entry[];
  readonly total: RunTotal;
}

/** Where an entry stands. */
export type Place = Pick<Entry, 'position' | 'sequenceNumber' | 'arrivedAt'>;

/**
 * A run that is still being filled. Every event of the stream comes by here for each of its dimensions and windows:
 * what an entry says is kept in columns, which take a fraction of the time and memory of an object each.
 */
export class OpenRun implements ItemRun {
  /** By value, in the order of the shard. */
  private readonly tallies = new Map<string, Tally>();
  /** Of each entry: where its record or line stands, what it counts, how many events, and how many values cut. */
  private readonly places: Place[] = [];
  private readonly counted: Tally[] = [];
  private readonly counts: number[] = [];
  private readonly cuts = new Map<number, number>();
  private made: readonly Entry[] | undefined;
  private sum: RunTotal | undefined;

  constructor(
    readonly key: CounterKey,
    readonly window: WindowSize,
  ) {}

  tally(value: string): Tally {
    const known = this.tallies.get(value);
    if (known) return known;
    const tally = new Tally(value);
    this.tallies.set(value, tally);
    return tally;
  }

  /**
   * Counts an event.
   *
   * @param tally of this run
   * @param record number of the event's record, which tells it from the one before
   */
  add(tally: Tally, place: Place, record: number, isCut: boolean): void {
    tally.count++;
    if (tally.record === record) {
      this.counts[tally.entry]!++;
    } else {
      tally.record = record;
      tally.entry = this.counts.length;
      this.counts.push(1);
      this.places.push(place);
      this.counted.push(tally);
    }
    if (isCut) this.cuts.set(tally.entry, (this.cuts.get(tally.entry) ?? 0) + 1);
  }

  get entries(): readonly Entry[] {
    this.made ??= this.places.map(({ position, sequenceNumber, arrivedAt }, index) => ({
      position,
      sequenceNumber,
      arrivedAt,
      value: this.counted[index]!.value,
      count: this.counts[index]!,
      cut: this.cuts.get(index) ?? 0,
    }));
    return this.made;
  }

  get total(): RunTotal {
    this.sum ??= this.addUp();
    return this.sum;
  }

  private addUp(): RunTotal {
    const counts = new Map<string, number>();
    for (const { value, count } of this.tallies.values()) counts.set(value, count);
    let cut = 0;
    for (const events of this.cuts.values()) cut += events;
    const first = this.places[0]!;
    const last = this.places[this.places.length - 1]!;
    return {
      counts,
      cut,
      first: first.position,
      last: last.position,
      lastArrivedAt: last.arrivedAt,
      entries: this.places.length,
    };
  }
}

/** The events of one value in one run. */
export class Tally {
  count = 0;
  /** The record of its last entry, and the number of that entry. */
  record = -1;
  entry = -1;

  constructor(readonly value: string) {}
}
