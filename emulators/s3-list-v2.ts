import type S3rver from '@20minutes/s3rver';

interface ListBucketResult {
  Marker?: string;
  NextMarker?: string;
  IsTruncated: boolean;
  Contents: { readonly Key: string; Owner?: unknown }[];
  CommonPrefixes: readonly unknown[];
  [element: string]: unknown;
}

/**
 * Answers ListObjectsV2 by way of version 1. s3rver encrypts version 2's continuation tokens with DES, which
 * OpenSSL 3 no longer has: each listing of more than 1,000 objects was a 500. Here the token is the last key.
 */
export const answerListObjectsV2: S3rver.Middleware = async (context, next) => {
  const {
    'list-type': type,
    'continuation-token': token,
    'start-after': startAfter,
    ...others
  } = context.query;
  if (context.method !== 'GET' || type !== '2') return next();

  const { 'fetch-owner': fetchOwner, ...query } = others;
  const marker = typeof token === 'string' ? Buffer.from(token, 'base64url').toString() : startAfter;
  context.query = { ...query, ...(marker === undefined ? {} : { marker }) };
  await next();

  const { ListBucketResult: result } = (context.body ?? {}) as { ListBucketResult?: ListBucketResult };
  if (!result) return;
  delete result.Marker;
  delete result.NextMarker;
  if (fetchOwner !== 'true') for (const object of result.Contents) delete object.Owner;
  const last = result.Contents.at(-1);
  result.KeyCount = result.Contents.length + result.CommonPrefixes.length;
  if (typeof token === 'string') result.ContinuationToken = token;
  else if (startAfter !== undefined) result.StartAfter = startAfter;
  if (result.IsTruncated && last) result.NextContinuationToken = Buffer.from(last.Key).toString('base64url');
};
