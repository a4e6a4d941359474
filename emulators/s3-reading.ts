import { fstatSync, type ReadStream } from 'node:fs';
import type S3rver from '@20minutes/s3rver';

/** A description that is half written stays so only if the process was killed meanwhile. */
const mostAttempts = 50;

/**
 * Lets a reader see an object whole while it is written anew. s3rver says the length of the one and gives the bytes of the
 * other: a client waited for the rest of a shorter one for ever. And it stumbles over a description that is half written.
 */
export function readWhole(store: S3rver.Store): void {
  const { getObject } = store;
  store.getObject = async (bucket, key, options) => {
    for (let attempt = 1; ; attempt++) {
      try {
        const object = await getObject.call(store, bucket, key, options);
        if (!object?.content) return object;
        // s3rver gives the stream out when the file is open; a new object comes in place of it, never into it.
        const { fd } = object.content as ReadStream & { readonly fd: number };
        if (fstatSync(fd).size === object.size) return object;
        object.content.destroy();
      } catch (error) {
        if ((error as Error).name !== 'SyntaxError' || attempt === mostAttempts) throw error;
      }
    }
  };
}
