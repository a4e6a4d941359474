import { parquetOf } from '../../analytics/duckdb/parquet';
import type { DeliveryStreamSpec } from '../deployment';
import { errorLine } from './error-document';
import type { Span } from './ledger';
import { type Compress, createObjectBuffer, type Encoding, type ObjectBufferContext } from './object-buffer';
import type { NameObject, ObjectKeys } from './object-key';
import type { Transformed } from './transformer';

export interface OutputCounts {
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
  'bucket' | 'name' | 'sizeBytes' | 'intervalMs' | 'encoding'
> & {
  readonly keys: ObjectKeys;
  readonly gzip: Compress;
};

const MIB = 1024 * 1024;

/**
 * The two S3 buffers of a delivery stream, which all its shards share. Errors are buffered and compressed like data, but
 * never converted.
 */
export function createOutputs(spec: DeliveryStreamSpec, { keys, gzip, ...context }: OutputsContext): Outputs {
  const { parquet } = spec;
  const compression = spec.compression === 'GZIP' ? { encode: gzip, contentEncoding: 'gzip' } : undefined;
  const conversion = parquet && { encode: (lines: Buffer) => parquetOf(lines, parquet) };
  const bufferFor = (name: NameObject, encoding: Encoding | undefined, onSealed?: () => void) =>
    createObjectBuffer({
      ...context,
      encoding,
      ...(onSealed && { onSealed }),
      bucket: spec.bucket,
      name,
      sizeBytes: spec.bufferSizeMiB * MIB,
      intervalMs: spec.bufferIntervalSeconds * 1000,
    });
  const errors = bufferFor(keys.errors, compression);
  // Errors are rare and wait long; left open, one would hold back the checkpoint of all the data stored meanwhile, and
  // a crash would deliver it all again.
  const data = bufferFor(keys.data, conversion ?? compression, errors.seal);
  const functionArn = spec.processor?.functionArn ?? '';
  let droppedRecords = 0;

  return {
    add: ({ outcomes, attempts }, span) => {
      for (const { record, verdict } of outcomes) {
        const { arrivedAt } = record;
        switch (verdict.kind) {
          case 'ok':
            data.add({ bytes: verdict.data, arrivedAt, span });
            break;
          case 'failed':
            errors.add({ bytes: errorLine(record, verdict.error, attempts, functionArn), arrivedAt, span });
            break;
          case 'dropped':
            droppedRecords += 1;
            break;
        }
      }
    },
    seal: () => {
      data.seal();
      errors.seal();
    },
    flush: async () => {
      await Promise.all([data.flush(), errors.flush()]);
    },
    closesAt: () => Math.min(data.closesAt(), errors.closesAt()),
    counts: () => ({
      objects: data.storedObjects,
      deliveredRecords: data.storedRecords,
      errorObjects: errors.storedObjects,
      errorRecords: errors.storedRecords,
      droppedRecords,
    }),
  };
}
