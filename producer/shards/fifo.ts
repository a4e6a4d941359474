/** First in, first out, without `shift`, which moves all that is behind. */
export interface Fifo<T> {
  push(item: T): void;
  peek(): T | undefined;
  shift(): T | undefined;
  length(): number;
  clear(): void;
}

export function createFifo<T>(): Fifo<T> {
  let items: T[] = [];
  let first = 0;
  return {
    push: (item) => void items.push(item),
    peek: () => items[first],
    shift() {
      const item = items[first];
      if (item === undefined) return undefined;
      first++;
      if (first > 512 && first * 2 > items.length) {
        items = items.slice(first);
        first = 0;
      }
      return item;
    },
    length: () => items.length - first,
    clear() {
      items = [];
      first = 0;
    },
  };
}
