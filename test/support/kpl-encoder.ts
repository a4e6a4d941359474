import { createHash } from 'node:crypto';

export interface PackedRecord {
  readonly data: string | Uint8Array;
  /** @default visitor-1 */
  readonly partitionKey?: string;
  readonly explicitHashKey?: string;
}

const magic = Buffer.from('f3899ac2', 'hex');

/** Data alone, or with its keys. */
export type Packable = string | Uint8Array | PackedRecord;

/** A KPL aggregate, written byte by byte from the description of the format, so that it shares nothing with the reader. */
export function kplAggregate(records: readonly Packable[]): Buffer {
  return sealed(aggregateMessage(records));
}

/** Magic and MD5 around a message, whatever that is. */
export function sealed(message: Uint8Array): Buffer {
  return Buffer.concat([magic, message, createHash('md5').update(message).digest()]);
}

/** The protobuf message alone: both tables of keys, then the records. */
export function aggregateMessage(records: readonly Packable[]): Buffer {
  const packed = records.map((record) =>
    typeof record === 'string' || record instanceof Uint8Array ? { data: record } : record,
  );
  const partitionKeys = [...new Set(packed.map(({ partitionKey = 'visitor-1' }) => partitionKey))];
  const hashKeys = [...new Set(packed.flatMap(({ explicitHashKey }) => explicitHashKey ?? []))];
  return Buffer.concat([
    ...partitionKeys.map((key) => bytesField(1, Buffer.from(key))),
    ...hashKeys.map((key) => bytesField(2, Buffer.from(key))),
    ...packed.map(({ data, partitionKey = 'visitor-1', explicitHashKey }) =>
      bytesField(
        3,
        Buffer.concat([
          varintField(1, partitionKeys.indexOf(partitionKey)),
          ...(explicitHashKey === undefined ? [] : [varintField(2, hashKeys.indexOf(explicitHashKey))]),
          bytesField(3, typeof data === 'string' ? Buffer.from(data) : data),
        ]),
      ),
    ),
  ]);
}

/** A field of wire type 2: its length, then its bytes. */
export function bytesField(field: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
}

/** A field of wire type 0. */
export function varintField(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
