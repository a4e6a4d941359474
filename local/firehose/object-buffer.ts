import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ObjectStore } from '../object-store';
import { type Backoff, untilItSucceeds } from './backoff';
import type { OnDeliveryEvent } from './events';
import type { NameObject } from './object-key';
import {
  type BufferedRecord,
  createRecordBuffer,
  type RecordBuffer,
  type RecordBufferContext,
} from './record-buffer';

export type Compress = (body: Buffer) => Promise<Buffer>;
export const gzipBody: Compress = promisify(gzip);

/** What becomes of the records of an object before they are stored. */
export interface Encoding {
  readonly encode: Compress;
  readonly contentEncoding?: string;
}

export interface ObjectBuffer extends RecordBuffer {
  readonly storedObjects: number;
  readonly storedRecords: number;
}

export interface ObjectBufferContext extends Omit<RecordBufferContext<BufferedRecord>, 'store'> {
  readonly bucket: string;
  readonly name: NameObject;
  /** Undefined stores the records as they are. */
  readonly encoding: Encoding | undefined;
  readonly objects: ObjectStore;
  readonly retry: Backoff;
  readonly onEvent: OnDeliveryEvent;
}

/** A buffer of which each batch becomes an object: its records concatenated, with no separator. Sizes are before compression. */
export function createObjectBuffer(context: ObjectBufferContext): ObjectBuffer {
  let storedObjects = 0;
  let storedRecords = 0;
  const buffer = createRecordBuffer({
    ...context,
    store: async (records) => {
      const stored = await storeObject(records, context);
      if (stored) {
        storedObjects += 1;
        storedRecords += records.length;
      }
      return stored;
    },
  });
  return {
    ...buffer,
    get storedObjects() {
      return storedObjects;
    },
    get storedRecords() {
      return storedRecords;
    },
  };
}

/** The key is chosen once, so that a put that is repeated replaces its object instead of doubling it. */
async function storeObject(
  records: readonly BufferedRecord[],
  context: ObjectBufferContext,
): Promise<boolean> {
  const { bucket, encoding, objects, clock, retry: backoff, signal, onEvent } = context;
  if (signal.aborted) return false;
  const key = context.name(records.reduce((oldest, { arrivedAt }) => Math.min(oldest, arrivedAt), Infinity));
  const plain = Buffer.concat(records.map(({ bytes }) => bytes));
  const body = encoding ? await encoding.encode(plain) : plain;
  const put = async () => {
    await objects.put({
      bucket,
      key,
      body,
      contentType: 'application/octet-stream',
      ...(encoding?.contentEncoding && { contentEncoding: encoding.contentEncoding }),
    });
    return true;
  };
  const onFailure = (error: unknown, attempt: number) =>
    onEvent({ kind: 'object-failed', key, attempt, error });
  const stored = await untilItSucceeds(put, { clock, backoff, signal, onFailure });
  if (stored) onEvent({ kind: 'object-stored', key, records: records.length, bytes: body.byteLength });
  return stored ?? false;
}
