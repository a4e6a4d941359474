import { createRequire } from 'node:module';

type Open = (options: object, callback: (error?: Error) => void) => void;

interface LevelDown {
  readonly prototype: { _open: Open };
}

/** The least that LevelDB takes: 64 tables of 2 MB and ten files of its own (its db_impl.cc, `ClipToRange`). */
const maxOpenFiles = 74;

/**
 * Lets kinesalite's store keep few of its tables open. LevelDB's 1,000 of 2 MB each are in memory with their index, and
 * mapped, so that the process holds what it has read of them; a stream grows by a table every five thousand events,
 * and is read at its tip.
 */
export function keepFewFilesOpen(): void {
  const { prototype } = createRequire(require.resolve('kinesalite'))('leveldown') as LevelDown;
  const original = prototype._open;
  prototype._open = function (options, callback) {
    original.call(this, { ...options, maxOpenFiles }, callback);
  };
}
