import { parquetOf } from '../../analytics/duckdb/parquet';
import type { DeliveryStreamSpec, DestinationSpec } from '../deployment';
import { type DeliverBatchContext, deliverBatch } from './destinations/deliver-batch';
import type { Destination, OutgoingRecord } from './destinations/destination';
import { errorLine } from './error-document';
import type { Span } from './ledger';
import {
  type Compress,
  createObjectBuffer,
  type Encoding,
  type ObjectBuffer,
  type ObjectBufferContext,
} from './object-buffer';
import type { NameObject, ObjectKeys } from './object-key';
import { createRecordBuffer, type RecordBuffer } from './record-buffer';
import type { Transformed } from './transformer';

export interface OutputCounts {
  /** Of data, in S3. */
  readonly objects: number;
  readonly deliveredRecords: number;
  readonly errorObjects: number;
  readonly errorRecords: number;
  readonly droppedRecords: number;
}

export interface Outputs {
  /** Shares a transformed batch out to the data and the error objects. */
  add(transformed: Transformed, span: Span): void;
  /** Closes the open objects now. */
  seal(): void;
  /** Resolves when everything added so far is stored, or the signal has aborted. */
  flush(): Promise<void>;
  /** When the first of the open objects is closed at the latest; infinite if none is open. */
  closesAt(): number;
  counts(): OutputCounts;
}

type OutputsContext = Omit<
  ObjectBufferContext,
  'bucket' | 'name' | 'sizeBytes' | 'intervalMs' | 'onSealed' | 'encoding'
> &
  Omit<DeliverBatchContext, 'destination' | 'retrySeconds' | 'giveUp'> & {
    readonly keys: ObjectKeys;
    readonly gzip: Compress;
    /** Undefined: what is delivered, is delivered to S3. */
    readonly destination: Destination | undefined;
  };

const MIB = 1024 * 1024;

/**
 * The buffers of a delivery stream, which all its shards share. Errors are buffered and compressed like data, but never
 * converted.
 */
export function createOutputs(spec: DeliveryStreamSpec, context: OutputsContext): Outputs {
  const { keys, gzip, destination } = context;
  const { parquet } = spec;
  const compression = spec.compression === 'GZIP' ? { encode: gzip, contentEncoding: 'gzip' } : undefined;
  const conversion = parquet && { encode: (lines: Buffer) => parquetOf(lines, parquet) };
  const objectsNamed = (name: NameObject, encoding: Encoding | undefined, onSealed?: () => void) =>
    createObjectBuffer({
      ...context,
      encoding,
      ...(onSealed && { onSealed }),
      bucket: spec.bucket,
      name,
      sizeBytes: spec.bufferSizeMiB * MIB,
      intervalMs: spec.bufferIntervalSeconds * 1000,
    });
  const failed = objectsNamed(keys.errors, compression);
  const undelivered = objectsNamed(keys.undelivered, compression);
  const errors = [failed, undelivered];
  // Errors are rare and wait long; left open, one would hold back the checkpoint of all the data stored meanwhile, and
  // a crash would deliver it all again.
  const sealErrors = () => {
    for (const buffer of errors) buffer.seal();
  };
  const data =
    destination && spec.destination
      ? forDestination(destination, spec.destination, context, undelivered, sealErrors)
      : forS3(objectsNamed(keys.data, conversion ?? compression, sealErrors));
  const functionArn = spec.processor?.functionArn ?? '';
  let droppedRecords = 0;

  return {
    add: ({ outcomes, attempts }, span) => {
      for (const { record, verdict } of outcomes) {
        const { arrivedAt } = record;
        switch (verdict.kind) {
          case 'ok':
            data.buffer.add({ bytes: verdict.data, arrivedAt, span, record });
            break;
          case 'failed':
            failed.add({ bytes: errorLine(record, verdict.error, attempts, functionArn), arrivedAt, span });
            break;
          case 'dropped':
            droppedRecords += 1;
            break;
        }
      }
    },
    seal: () => {
      data.buffer.seal();
      sealErrors();
    },
    flush: async () => {
      await Promise.all([data.buffer.flush(), failed.flush()]);
      // What a destination has not taken by then.
      await undelivered.flush();
    },
    closesAt: () => Math.min(...[data.buffer, ...errors].map((buffer) => buffer.closesAt())),
    counts: () => ({
      ...data.counts(),
      errorObjects: failed.storedObjects + undelivered.storedObjects,
      errorRecords: failed.storedRecords + undelivered.storedRecords,
      droppedRecords,
    }),
  };
}

/** Where data goes. */
interface DataBuffer {
  readonly buffer: RecordBuffer<OutgoingRecord>;
  counts(): Pick<OutputCounts, 'objects' | 'deliveredRecords'>;
}

function forS3(buffer: ObjectBuffer): DataBuffer {
  return {
    buffer,
    counts: () => ({ objects: buffer.storedObjects, deliveredRecords: buffer.storedRecords }),
  };
}

function forDestination(
  destination: Destination,
  { bufferSizeMiB, bufferIntervalSeconds, retrySeconds }: DestinationSpec,
  context: OutputsContext,
  undelivered: ObjectBuffer,
  onSealed: () => void,
): DataBuffer {
  let deliveredRecords = 0;
  const onEvent: OutputsContext['onEvent'] = (event) => {
    if (event.kind === 'delivered') deliveredRecords += event.records;
    context.onEvent(event);
  };
  const giveUp = ({ arrivedAt, span }: OutgoingRecord, bytes: Buffer) =>
    undelivered.add({ bytes, arrivedAt, span });
  const buffer = createRecordBuffer<OutgoingRecord>({
    ...context,
    onSealed,
    sizeBytes: bufferSizeMiB * MIB,
    maxRecords: destination.maxRecords,
    intervalMs: bufferIntervalSeconds * 1000,
    store: (records) => deliverBatch(records, { ...context, destination, retrySeconds, giveUp, onEvent }),
  });
  return { buffer, counts: () => ({ objects: 0, deliveredRecords }) };
}
