import { type Clock, elapsedMs } from '../../cli/clock';
import type { LedgerFile } from './ledger-file';

export interface BegunMarks {
  /** Call before the n-th event (from 1) is handed over. */
  begin(n: number): void;
}

const mostAhead = 8192;
/** A mark every so often is cheap, whatever the rate. */
const markEveryMs = 100;

/**
 * Says in the ledger which events may have been sent, before they are: without that, nobody would know after a crash
 * which of those without an outcome were. One mark is for several events, as many as about a tenth of a second takes.
 */
export function createBegunMarks(clock: Clock, file: LedgerFile): BegunMarks {
  let marked = 0;
  let ahead = 1;
  let markedAt = Number.NEGATIVE_INFINITY;
  return {
    begin(n) {
      if (n <= marked) return;
      const now = elapsedMs(clock);
      ahead =
        now - markedAt < markEveryMs ? Math.min(ahead * 2, mostAhead) : Math.max(1, Math.floor(ahead / 2));
      markedAt = now;
      marked = n - 1 + ahead;
      file.add({ kind: 'begun', events: marked });
      file.flush();
    },
  };
}
