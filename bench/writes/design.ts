import type { WindowSize } from '../../domain/counters/window';
import type { CountedValue } from './clicks';
import type { LedgerLine } from './ledger';

/** A way to keep counters in the table, as far as its writes go. Times are in epoch milliseconds. */
export interface Design {
  /** Takes an event into the batch under way. */
  add(values: readonly CountedValue[], at: number): void;
  /** The same of an event whose windows are long over. */
  addLate(values: readonly CountedValue[], at: number): void;
  /** Ends the batch; what it costs is taken `times` times. */
  endBatch(times: number): void;
  /** Takes in events of one instant for nothing, so that items of these windows are as large as they would be. */
  grow?(events: ReadonlyMap<CountedValue, number>, at: number, windows: readonly WindowSize[]): void;
  /** What all batches have cost. */
  charges(): Charges;
}

export interface Charges {
  /** Calls to the table. */
  readonly requests: number;
  readonly lines: readonly LedgerLine[];
}

/** A design, and what a reader has to know of it. */
export interface DesignKind {
  readonly name: string;
  readonly what: string;
  /** Whether the counters are right however the batches come again; in a few words, why. */
  readonly exact: { readonly is: boolean; readonly why: string };
  /** @param windows those that are counted */
  readonly create: (windows: readonly WindowSize[]) => Design;
}
