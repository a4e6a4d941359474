/** A reader that does not come back leaves its iterator behind. */
const mostIterators = 1_000;

/** What is known of each iterator of a shard, of those that were given out last. */
export interface IteratorMemory<Known> {
  get(iterator: string): Known | undefined;
  /** @param iterator as an answer has it; what is no text is passed over */
  remember(iterator: unknown, known: Known): void;
}

export function createIteratorMemory<Known>(): IteratorMemory<Known> {
  const byIterator = new Map<string, Known>();
  return {
    get: (iterator) => byIterator.get(iterator),
    remember(iterator, known) {
      if (typeof iterator !== 'string') return;
      byIterator.set(iterator, known);
      const [oldest] = byIterator.keys();
      if (byIterator.size > mostIterators && oldest !== undefined) byIterator.delete(oldest);
    },
  };
}
