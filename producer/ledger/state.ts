import { createKeySet } from './key-set';
import type { LedgerCounts } from './line';
import type { LedgerEntry } from './read-ledger';

/** What a ledger says about the events of its input, by key: all that a further run has to know. */
export interface LedgerState extends LedgerCounts {
  /** The stream holds it. */
  isAccepted(key: string): boolean;
  /**
   * An earlier run may have sent an event that it did not see accepted: the request went unanswered, or the run was cut
   * off before it could say.
   *
   * @param index place in the order of reading, from 0
   */
  mayHaveBeenSent(key: string, index: number): boolean;
}

/** Adds up a ledger. Memory is some bits an event. */
export async function readState(entries: AsyncIterable<LedgerEntry>): Promise<LedgerState> {
  const accepted = createKeySet();
  const ambiguous = createKeySet();
  /** Of the last run: what it says of an event holds until a further one begins the event again. */
  const failed = createKeySet();
  const counts = { accepted: 0, failed: 0, ambiguous: 0 };
  /** Events that runs which were cut off may have sent; and those of the run that is being read. */
  let cutOff = 0;
  let begun = 0;

  for await (const entry of entries) {
    switch (entry.kind) {
      case 'begun':
        begun = Math.max(begun, entry.events);
        break;
      case 'resumed':
        cutOff = Math.max(cutOff, begun);
        begun = 0;
        failed.clear();
        break;
      case 'totals':
        if (entry.ended) begun = 0;
        break;
      default:
        counts[entry.kind]++;
        if (entry.key === undefined) break;
        if (entry.kind === 'accepted') accepted.add(entry.key);
        else if (entry.kind === 'failed') failed.add(entry.key);
        else ambiguous.add(entry.key);
    }
  }
  const unsure = Math.max(cutOff, begun);
  return {
    ...counts,
    isAccepted: (key) => accepted.has(key),
    mayHaveBeenSent: (key, index) => ambiguous.has(key) || (index < unsure && !failed.has(key)),
  };
}
