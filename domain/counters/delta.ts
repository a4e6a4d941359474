import type { Precision, Touch } from '../visitors/sketch';
import type { Place } from './log-place';
import type { WindowSize } from './window';

/** What a dimension counts in one window. */
export interface Counts {
  /** Events by value, the values in the order in which they were first seen. Of corrections, also below zero. */
  readonly values: Map<string, number>;
  /** Events of values that had no room; only items and corrections have any. */
  other: number;
  /** Events whose value was longer than `maxValueBytes`, and was cut. */
  cut: number;
}

export function noCounts(): Counts {
  return { values: new Map(), other: 0, cut: 0 };
}

/** By window size and by the window's start in epoch milliseconds. */
export type Windows<Content> = Map<WindowSize, Map<number, Content>>;

/** What a delta says of one dimension. */
export interface DimensionDelta {
  /** Into how many the dimension was divided when the delta was made. */
  readonly buckets: number;
  readonly windows: Windows<Counts>;
  /**
   * The order in which the values of its windows were first seen, where that is not window by window: of each value the
   * number of its window. It is what the order in larger windows follows from.
   */
  readonly order?: readonly number[];
}

/** What a delta says of one of the things that are counted by sketches. */
export interface SketchDelta {
  readonly buckets: number;
  readonly precision: Precision;
  /** By value, the values in the order in which they were first seen. */
  readonly windows: Windows<Map<string, Set<Touch>>>;
}

/**
 * What a delta adds, by name. The aggregator's deltas and repairs have an event in the smallest of its windows alone, from
 * which the larger ones follow; corrections have each window by itself.
 */
export interface DeltaContent {
  readonly isEachWindow: boolean;
  readonly dimensions: Map<string, DimensionDelta>;
  readonly sketches: Map<string, SketchDelta>;
}

export type DeltaKind = 'live' | 'repair' | 'rebuild';

/** Positions from the first to the last, both included. */
export interface Span {
  readonly first: Place;
  readonly last: Place;
}

/** A delta of a shard's log: a batch, the repair of a given-up one, or a correction. */
export interface Delta {
  readonly kind: DeltaKind;
  /** The place of the delta before it. It is the delta's key, so two writers cannot both append behind one place. */
  readonly predecessor: Place;
  readonly last: Place;
  /** What it counts: of a live delta, from its first event to its last; of a repair, what was missing. */
  readonly covers: readonly Span[];
  /** Epoch milliseconds of the latest arrival in it. */
  readonly arrivedAt: number;
  /** Names the ids of its events; undefined if none were kept. */
  readonly idsToken: string | undefined;
  /** Epoch seconds. */
  readonly expiresAt: number;
  readonly content: DeltaContent;
}
