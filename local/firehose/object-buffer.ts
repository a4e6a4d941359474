import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Clock } from '../clock';
import type { ObjectStore } from '../object-store';
import { type Backoff, untilItSucceeds } from './backoff';
import type { OnDeliveryEvent } from './events';
import type { Held } from './held';
import type { Span } from './ledger';
import type { NameObject } from './object-key';

export type Compress = (body: Buffer) => Promise<Buffer>;
export const gzipBody: Compress = promisify(gzip);

/** What becomes of the records of an object before they are stored. */
export interface Encoding {
  readonly encode: Compress;
  readonly contentEncoding?: string;
}

export interface BufferedRecord {
  readonly bytes: Buffer;
  readonly arrivedAt: number;
  readonly span: Span;
}

export interface ObjectBuffer {
  /** Takes a record; its span is held until an object with it is stored. */
  add(record: BufferedRecord): void;
  /** Closes what is buffered now, without waiting for it to be stored. */
  seal(): void;
  /** Resolves when everything added so far is stored, or the signal has aborted. */
  flush(): Promise<void>;
  /** When the open object is closed at the latest; infinite if none is open. */
  closesAt(): number;
  readonly storedObjects: number;
  readonly storedRecords: number;
}

export interface ObjectBufferContext {
  readonly bucket: string;
  readonly name: NameObject;
  readonly sizeBytes: number;
  readonly intervalMs: number;
  /** Undefined stores the records as they are. */
  readonly encoding: Encoding | undefined;
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly retry: Backoff;
  readonly held: Held;
  readonly signal: AbortSignal;
  /** Told when an object is closed, for whatever reason. */
  readonly onSealed?: () => void;
  readonly onEvent: OnDeliveryEvent;
  /** Told of a defect: an object that cannot even be made. */
  readonly onCrash: (error: unknown) => void;
}

interface OpenObject {
  readonly records: BufferedRecord[];
  readonly closed: AbortController;
  readonly closesAt: number;
  bytes: number;
}

/**
 * Gathers records to an object of about `sizeBytes` before compression, or of `intervalMs` since its first record,
 * and stores it: concatenated, with no separator.
 */
export function createObjectBuffer(context: ObjectBufferContext): ObjectBuffer {
  const { clock, held, sizeBytes, intervalMs, signal } = context;
  const underWay = new Set<Promise<void>>();
  let open: OpenObject | undefined;
  let storedObjects = 0;
  let storedRecords = 0;

  const seal = () => {
    if (!open) return;
    const { records, closed } = open;
    open = undefined;
    closed.abort();
    const storing = store(records)
      .catch(context.onCrash)
      .finally(() => underWay.delete(storing));
    underWay.add(storing);
    context.onSealed?.();
  };

  const sealAfterInterval = async (object: OpenObject) => {
    await clock.sleep(intervalMs, object.closed.signal);
    if (open === object && !signal.aborted) seal();
  };

  const store = async (records: readonly BufferedRecord[]) => {
    const stored = await storeObject(records, context);
    if (!stored) return;
    storedObjects += 1;
    storedRecords += records.length;
    for (const { bytes, span } of records) {
      held.remove(1, bytes.byteLength);
      span.release();
    }
  };

  return {
    add: (record) => {
      if (!open) {
        open = { records: [], closed: new AbortController(), closesAt: clock.now() + intervalMs, bytes: 0 };
        void sealAfterInterval(open);
      }
      record.span.hold();
      held.add(1, record.bytes.byteLength);
      open.records.push(record);
      open.bytes += record.bytes.byteLength;
      if (open.bytes >= sizeBytes) seal();
    },
    seal,
    flush: async () => {
      seal();
      await Promise.all(underWay);
    },
    closesAt: () => open?.closesAt ?? Number.POSITIVE_INFINITY,
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
