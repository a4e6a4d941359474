import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import S3rver from '@20minutes/s3rver';
import type { Emulator, EmulatorOptions } from './emulator';
import { listen } from './listen';
import { boundDocuments } from './s3-documents';
import { answerListObjectsV2 } from './s3-list-v2';
import { listObjects } from './s3-listing';
import { keepInside } from './s3-paths';
import { readWhole } from './s3-reading';

/** Starts S3 (s3rver) in this process; addresses are path-style, and the one access key and secret is `S3RVER`. */
export async function startS3({ port, dataDir }: EmulatorOptions): Promise<Emulator> {
  await mkdir(dataDir, { recursive: true });
  const s3rver = new S3rver({
    directory: dataDir,
    silent: true,
    resetOnClose: false,
    // Clients sign with a region and an address of their own.
    allowMismatchedSignatures: true,
    vhostBuckets: false,
  });
  const { store } = s3rver;
  keepInside(store);
  readWhole(store);
  store.putObject = (object) => putObject(store, object);
  store.listObjects = (bucket, options) => listObjects(store, bucket, options);
  s3rver.middleware.splice(-1, 0, boundDocuments, answerListObjectsV2);

  const server = createServer(s3rver.callback());
  return {
    endpoint: await listen(server, port, 'S3'),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

/** S3 shows an object whole or not at all. s3rver writes in place: a kill in mid-write would leave half of one. */
async function putObject(
  store: S3rver.Store,
  object: S3rver.StoredObject,
): Promise<{ size: number; md5: string }> {
  const path = store.getResourcePath(object.bucket, object.key, 'object');
  const unfinished = `${path}.${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true });
  try {
    // s3rver writes a buffer without looking at errors: a key too long for a file name would end the process.
    const content = Buffer.isBuffer(object.content) ? Readable.from([object.content]) : object.content;
    const [size, md5] = await store.putContent(unfinished, content);
    await store.putMetadata(object.bucket, object.key, object.metadata, md5);
    await rename(unfinished, path);
    return { size, md5 };
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
