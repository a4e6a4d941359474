import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

type Callback = (error: unknown, answer?: unknown) => void;
type Action = (store: object, request: object, callback: Callback) => void;

/**
 * Lets an emulator answer a request that its store will not take: a tag without a value is an `undefined` there. The
 * emulators throw what an action gives back as an error and is not the client's, so that one request ended the process.
 * That the disk is full still ends it: nobody could go on. To be called before the emulator is loaded, since it looks its
 * actions up once.
 */
export function answerErrors(emulator: 'dynalite' | 'kinesalite'): void {
  const load = createRequire(require.resolve(emulator));
  const folder = join(dirname(load.resolve(emulator)), 'actions');
  for (const file of readdirSync(folder)) {
    const path = load.resolve(join(folder, file));
    const original = load(path) as Action;
    const answering: Action = (store, request, callback) =>
      original(store, request, (error, answer) =>
        callback(isOfTheRequest(error) ? internalFailure : error, answer),
      );
    load.cache[path]!.exports = answering;
  }
}

const internalFailure = Object.assign(new Error('InternalFailure'), {
  statusCode: 500,
  body: { __type: 'InternalFailure' },
});

/** And not of the disk. */
function isOfTheRequest(error: unknown): boolean {
  if (!(error instanceof Object)) return false;
  const { name, code, statusCode } = error as { name?: string; code?: string; statusCode?: number };
  if (statusCode !== undefined) return false;
  return name === 'TypeError' || name === 'RangeError' || code?.startsWith('LEVEL_INVALID') === true;
}
