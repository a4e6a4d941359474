/** A run of a shard's records that is not yet done: done when it has been released as often as held. */
export interface Span {
  hold(): void;
  release(): void;
}

export interface Ledger {
  /** Opens a span behind those opened before, held once. `onDone` runs when it and all before it are done. */
  open(onDone: () => void, oldestArrival?: number): Span;
  /** Arrival time of the oldest record in spans that are not done. */
  oldestArrival(): number | undefined;
}

/**
 * Keeps a shard's checkpoint honest: objects are stored in any order, but a position may be reported only when
 * everything before it is stored.
 */
export function createLedger(): Ledger {
  const spans: { holds: number; readonly oldestArrival: number; readonly onDone: () => void }[] = [];

  const closeFinished = () => {
    for (let head = spans[0]; head?.holds === 0; head = spans[0]) {
      spans.shift();
      head.onDone();
    }
  };

  return {
    open: (onDone, oldestArrival = Number.POSITIVE_INFINITY) => {
      const span = { holds: 1, oldestArrival, onDone };
      spans.push(span);
      return {
        hold: () => {
          span.holds += 1;
        },
        release: () => {
          span.holds -= 1;
          if (span.holds === 0) closeFinished();
        },
      };
    },
    oldestArrival: () => {
      const oldest = spans.reduce(
        (least, span) => Math.min(least, span.oldestArrival),
        Number.POSITIVE_INFINITY,
      );
      return Number.isFinite(oldest) ? oldest : undefined;
    },
  };
}
