import { createRequire } from 'node:module';

interface StoreIterator {
  close(): Promise<void>;
}

interface LevelModule {
  readonly Level: {
    readonly prototype: Record<'keys' | 'values', (options?: object) => StoreIterator>;
  };
}

/**
 * Lets dynalite close the store's iterators: it asks them to `return`, and `close` is what they have (dynalite 4.0.0,
 * db/index.js), which "must always be called" (abstract-level's README on `iterator.next()`). The iterator of each Query
 * and Scan stayed open: it keeps up to 8 MB of writes that LevelDB had in memory then, and files that are replaced since.
 */
export function closeIterators(): void {
  const { Level } = createRequire(require.resolve('dynalite'))('level') as LevelModule;
  for (const name of ['keys', 'values'] as const) {
    const original = Level.prototype[name];
    Level.prototype[name] = function (options) {
      const iterator = original.call(this, options);
      return Object.assign(iterator, { return: () => iterator.close() });
    };
  }
}
