import { gzipSync } from 'node:zlib';
import { etagOf } from '../../domain/http/etag';
import type { Answer } from './answer';
import type { CollectorRequest } from './request';

/** A file that anybody may load. */
export interface ClientFile {
  readonly plain: Buffer;
  readonly gzip: Buffer;
  readonly etag: string;
}

export function clientFile(plain: Buffer): ClientFile {
  return { plain, gzip: gzipSync(plain, { level: 9 }), etag: etagOf(plain) };
}

const headers = {
  // Pages of other origins load it, also with `integrity`, and as a module.
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'cache-control': 'public, max-age=3600, stale-while-revalidate=86400',
  'content-type': 'text/javascript; charset=utf-8',
  vary: 'accept-encoding',
};

/** A function URL compresses nothing by itself. */
export function fileAnswer(
  { plain, gzip, etag }: ClientFile,
  { takesGzip, knownEtags }: Pick<CollectorRequest, 'takesGzip' | 'knownEtags'>,
): Answer {
  // One of several, or made weak by what compresses on the way.
  if (knownEtags.includes(etag)) return { status: 304, headers: { ...headers, etag } };
  return takesGzip
    ? { status: 200, headers: { ...headers, etag, 'content-encoding': 'gzip' }, body: gzip }
    : { status: 200, headers: { ...headers, etag }, body: plain };
}
