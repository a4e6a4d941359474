import type { IncomingHttpHeaders } from 'node:http';
import type { Service } from '../../emulators/clients';
import { targetOf } from '../../emulators/on-answered';

/** One HTTP request, read whole. */
export interface WireRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Passes a request on to the service, and returns its answer. */
export type Forward = (request: WireRequest) => Promise<WireAnswer>;

const s3Bucket = /^\/[^/?]+\/?(\?.*)?$/;

/** Passes on what the faults let through; to Kinesis, as far as the limits of its shards allow. */
export type Gate = (operation: string, request: WireRequest) => Promise<WireAnswer>;

/** The operation that a request asks for, by the API's name; what S3 calls otherwise is `Other`. */
export function operationOf(service: Service, { method, url, headers }: WireRequest): string {
  if (service !== 's3') return targetOf(headers['x-amz-target']);
  const isBucket = s3Bucket.test(url);
  switch (method) {
    case 'GET':
      if (!isBucket) return 'GetObject';
      return url.includes('list-type=2') ? 'ListObjectsV2' : 'ListObjects';
    case 'HEAD':
      return isBucket ? 'HeadBucket' : 'HeadObject';
    case 'PUT':
      return isBucket ? 'CreateBucket' : 'PutObject';
    case 'DELETE':
      return isBucket ? 'DeleteBucket' : 'DeleteObject';
    default:
      return 'Other';
  }
}

const jsonTypes = { kinesis: 'application/x-amz-json-1.1', dynamodb: 'application/x-amz-json-1.0' } as const;

export function isJson({ headers }: WireRequest): boolean {
  return String(headers['content-type'] ?? '').startsWith('application/x-amz-json');
}

/** An object out of a body; undefined for what is none. */
export function parseBody<T>(body: Buffer): T | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}

export function jsonAnswer(service: keyof typeof jsonTypes, status: number, body: object): WireAnswer {
  return {
    status,
    headers: { 'content-type': jsonTypes[service] },
    body: Buffer.from(JSON.stringify(body)),
  };
}
