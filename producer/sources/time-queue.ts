import type { TimedItem } from './event-source';

/** An item with what decides its turn: its time, then its source's place, then its own within the source. */
export interface Timed {
  readonly item: TimedItem;
  readonly at: number;
  readonly rank: number;
  readonly order: number;
  /** Held for it. */
  readonly bytes: number;
}

export interface TimeQueue {
  push(item: Timed): void;
  /** The first in turn. */
  pop(): Timed | undefined;
  length(): number;
  bytes(): number;
}

/** A binary heap: push and pop take the logarithm of the length. */
export function createTimeQueue(): TimeQueue {
  const heap: Timed[] = [];
  let bytes = 0;

  const swapIfBefore = (below: number, above: number): boolean => {
    const [low, high] = [heap[below], heap[above]];
    if (!low || !high || !isBefore(low, high)) return false;
    heap[above] = low;
    heap[below] = high;
    return true;
  };

  const sink = () => {
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const [one, other] = [heap[left], heap[left + 1]];
      const child = one && other && isBefore(other, one) ? left + 1 : left;
      if (!swapIfBefore(child, at)) return;
      at = child;
    }
  };

  return {
    push(item) {
      bytes += item.bytes;
      heap.push(item);
      for (let at = heap.length - 1; at > 0 && swapIfBefore(at, (at - 1) >> 1); ) at = (at - 1) >> 1;
    },
    pop() {
      const first = heap[0];
      const last = heap.pop();
      if (!first || !last) return undefined;
      bytes -= first.bytes;
      if (heap.length > 0) {
        heap[0] = last;
        sink();
      }
      return first;
    },
    length: () => heap.length,
    bytes: () => bytes,
  };
}

function isBefore(a: Timed, b: Timed): boolean {
  if (a.at !== b.at) return a.at < b.at;
  return a.rank === b.rank ? a.order < b.order : a.rank < b.rank;
}
