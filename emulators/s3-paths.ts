import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type S3rver from '@20minutes/s3rver';
import S3Error from '@20minutes/s3rver/lib/models/error';

const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const uploadName = /^[0-9a-f]{32}$/;
const mostParts = 10_000;

/**
 * Keeps a store inside of its folder. s3rver makes paths out of the names that it is given, as they are: a bucket
 * `../..`, a key with `..` between slashes, and the upload and part of a multipart upload led anywhere. Every name passes
 * here, decoded, whether it came in the address, a form, a header or a body.
 */
export function keepInside(store: S3rver.Store): void {
  const { getBucketPath, getResourcePath, getBucket, initiateUpload, putPart, putObjectMultipart } = store;

  store.getBucketPath = (bucket) => {
    checkBucket(bucket);
    return getBucketPath.call(store, bucket);
  };
  store.getResourcePath = (bucket, key, resource) => {
    checkBucket(bucket);
    checkKey(key);
    return getResourcePath.call(store, bucket, key, resource);
  };
  // Also asked for each entry of the folder, to list the buckets.
  store.getBucket = async (bucket) => (isBucket(bucket) ? getBucket.call(store, bucket) : null);

  const checkPart = async (bucket: string, upload: string, part: string | number): Promise<string> => {
    const folder = join(store.getResourcePath(bucket, undefined, 'uploads'), String(upload));
    if (!uploadName.test(upload) || !(await isThere(folder))) {
      throw new S3Error('NoSuchUpload', 'The specified upload does not exist.', { UploadId: String(upload) });
    }
    if (!/^\d{1,5}$/.test(String(part)) || Number(part) < 1 || Number(part) > mostParts) {
      throw new S3Error('InvalidArgument', `Part number must be an integer between 1 and ${mostParts}`, {
        ArgumentName: 'partNumber',
        ArgumentValue: String(part),
      });
    }
    return join(folder, String(part));
  };
  store.initiateUpload = async (bucket, key, upload, metadata) => {
    checkKey(key);
    return initiateUpload.call(store, bucket, key, upload, metadata);
  };
  store.putPart = async (bucket, upload, part, content) => {
    await checkPart(bucket, upload, part);
    return putPart.call(store, bucket, upload, part, content);
  };
  store.putObjectMultipart = async (bucket, upload, parts) => {
    for (const { number } of parts) {
      // s3rver opens them without looking at errors: one that is missing would end the process.
      if (!(await isThere(await checkPart(bucket, upload, number)))) {
        throw new S3Error('InvalidPart', 'One or more of the specified parts could not be found.');
      }
    }
    return putObjectMultipart.call(store, bucket, upload, parts);
  };
}

function isBucket(name: string): boolean {
  return bucketName.test(name) && !name.includes('..');
}

function checkBucket(name: string): void {
  if (!isBucket(name)) {
    throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.', { BucketName: name });
  }
}

/** A backslash is a slash on Windows. */
function checkKey(key: string | undefined): void {
  if (key === undefined) return;
  const isInside = !key.includes('\0') && key.split(/[/\\]/).every((part) => part !== '.' && part !== '..');
  if (!isInside) throw new S3Error('InvalidURI', "Couldn't parse the specified URI.");
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
