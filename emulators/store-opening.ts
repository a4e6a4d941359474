import { createRequire } from 'node:module';

interface LevelModule {
  readonly Level: {
    readonly prototype: { readonly location: string; _open: (options: object) => Promise<void> };
  };
}

const waiting = new Map<string, (opening: Promise<void>) => void>();
let isWatched = false;

/**
 * The next opening of dynalite's own store at a path, which dynalite begins by itself and tells nobody of: a store that is
 * opened before, to see whether it can be, may be another's by the time that dynalite opens it.
 */
export function nextOpening(path: string): Promise<void> {
  watch();
  return new Promise((resolve) => {
    waiting.set(path, (opening) => {
      waiting.delete(path);
      resolve(opening);
    });
  });
}

function watch(): void {
  if (isWatched) return;
  isWatched = true;
  const { prototype } = (createRequire(require.resolve('dynalite'))('level') as LevelModule).Level;
  const original = prototype._open;
  prototype._open = function (options) {
    const opening = original.call(this, options);
    waiting.get(this.location)?.(opening);
    return opening;
  };
}
