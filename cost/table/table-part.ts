import type { Hash64 } from '../../domain/hash64';
import type { PooledClick, PooledPage } from './click-reader';

/** A click of the pool, in a round of its own: whoever comes in one round does not come in the next, and goes to other pages. */
export interface DrawnClick {
  readonly click: PooledClick;
  /** That it is on. */
  readonly page: PooledPage;
  /** Changes the hashes of ids from round to round. */
  readonly salt: Hash64;
}

/** How long items are kept: as counters of a minute, as those of an hour, or as recent events. */
export type Lifetime = 'minute' | 'hour' | 'recent';

/** What batches cost, or an hour of them. */
export interface Charges {
  /** Calls that write, those that are refused among them. */
  readonly writes: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  /** Of the items that were made, as storage is charged. */
  readonly storedBytes: Readonly<Record<Lifetime, number>>;
}

export const noCharges: Charges = {
  writes: 0,
  writeUnits: 0,
  readUnits: 0,
  storedBytes: { minute: 0, hour: 0, recent: 0 },
};

/** Items of one sort, and what the aggregator does with them. Times are in epoch milliseconds. */
export interface TablePart {
  /** Takes a click into the batch under way. */
  add(drawn: DrawnClick, at: number): void;
  /** The same of a click that happened long before it came. */
  addLate(drawn: DrawnClick, happenedAt: number, arrivedAt: number): void;
  /** Ends the batch; what it costs is taken `weight` times. */
  endBatch(weight: number): void;
  /**
   * Takes in a click for nothing, after so many others.
   *
   * @returns whether a further one can make a difference
   */
  grow(drawn: DrawnClick, at: number, others: number): boolean;
  /** @param weightOfMinute how many minutes one that begins then stands for */
  charges(weightOfMinute: (start: number) => number): Charges;
}

/** A hash with bits turned over is the hash of another id, and as good. */
export function salted({ high, low }: Hash64, salt: Hash64): Hash64 {
  return { high: (high ^ salt.high) >>> 0, low: (low ^ salt.low) >>> 0 };
}
