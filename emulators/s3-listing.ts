import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type S3rver from '@20minutes/s3rver';
import S3Object from '@20minutes/s3rver/lib/models/object';

/** What s3rver appends to the name of the file that holds an object's bytes. */
const objectSuffix = '._S3rver_object';

/**
 * Lists a bucket in the order of its keys. s3rver's own listing goes by file name, which orders `a/b` before
 * `a-b`, so that a second page can miss objects; and it blocks the process while it looks at every file.
 */
export async function listObjects(
  store: S3rver.Store,
  bucket: string,
  options: S3rver.ListOptions,
): Promise<S3rver.Listing> {
  const { prefix = '', startAfter = '' } = options;
  const keys = await keysBelow(store.getBucketPath(bucket), '', { prefix, startAfter });
  const page = pageOf(keys.sort(compare), options);
  const objects = await Promise.all(
    page.keys.map(async (key) => {
      try {
        return [new S3Object(bucket, key, null, await store.getMetadata(bucket, key))];
      } catch (error) {
        // Deleted since its name was read.
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
    }),
  );
  return { objects: objects.flat(), commonPrefixes: page.commonPrefixes, isTruncated: page.isTruncated };
}

export interface Page {
  readonly keys: readonly string[];
  readonly commonPrefixes: readonly string[];
  readonly isTruncated: boolean;
}

/** One page of sorted keys; a page that is truncated ends with a key, after which the next one starts. */
export function pageOf(sortedKeys: readonly string[], options: S3rver.ListOptions): Page {
  const { prefix = '', delimiter = '', startAfter = '', maxKeys = Number.POSITIVE_INFINITY } = options;
  const keys: string[] = [];
  const commonPrefixes = new Set<string>();
  for (const key of sortedKeys) {
    if (key <= startAfter || !key.startsWith(prefix)) continue;
    if (keys.length >= maxKeys) return { keys, commonPrefixes: [...commonPrefixes], isTruncated: true };
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    if (end < 0) keys.push(key);
    else commonPrefixes.add(key.slice(0, end + delimiter.length));
  }
  return { keys, commonPrefixes: [...commonPrefixes], isTruncated: false };
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

async function keysBelow(
  root: string,
  folder: string,
  bounds: { readonly prefix: string; readonly startAfter: string },
): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const keys: string[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory()) {
      if (entry.name.endsWith(objectSuffix)) keys.push(folder + entry.name.slice(0, -objectSuffix.length));
      continue;
    }
    const below = `${folder}${entry.name}/`;
    const canHoldPrefix = below.startsWith(bounds.prefix) || bounds.prefix.startsWith(below);
    const isPast = below < bounds.startAfter && !bounds.startAfter.startsWith(below);
    if (!canHoldPrefix || isPast) continue;
    // One at a time: a call takes some hundred thousand arguments, and a folder may have more keys.
    for (const key of await keysBelow(root, below, bounds)) keys.push(key);
  }
  return keys;
}
