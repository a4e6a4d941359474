/** First in, first out, without `shift`, which moves all that is behind. */
export class Fifo<T> {
  #items: T[] = [];
  #first = 0;

  push(item: T): void {
    this.#items.push(item);
  }

  peek(): T | undefined {
    return this.#items[this.#first];
  }

  shift(): T | undefined {
    const item = this.#items[this.#first];
    if (item === undefined) return undefined;
    this.#first++;
    if (this.#first > 512 && this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  get length(): number {
    return this.#items.length - this.#first;
  }

  clear(): void {
    this.#items = [];
    this.#first = 0;
  }
}
