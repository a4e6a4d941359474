import { createHash } from 'node:crypto';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { OutgoingEvent } from '../outgoing-event';
import type { OpenRecord } from './open-record';

/** Every aggregated record begins with these bytes (KPL: aggregation format), … */
const magic = Buffer.from('f3899ac2', 'hex');
/** … and ends with the MD5 of what is between. */
const digestBytes = 16;

/** Field numbers. The table of explicit hash keys (2) stays empty: no event brings one. */
const Aggregated = { partitionKeys: 1, records: 3 } as const;
const Inner = { partitionKeyIndex: 1, data: 3 } as const;

/**
 * Begins an aggregated record of at most `limit` bytes with the first event's key. Each inner record keeps its own
 * partition key, so a de-aggregator sees what would have been there unpacked.
 */
export function beginAggregate(first: OutgoingEvent, limit: number): OpenRecord {
  const records: { readonly index: number; readonly data: Uint8Array }[] = [];
  const keys = new Map<string, number>();
  let bytes = Buffer.byteLength(first.partitionKey) + magic.length + digestBytes;

  const add = ({ partitionKey, data }: OutgoingEvent) => {
    const known = keys.get(partitionKey);
    const index = known ?? keys.size;
    const keyBytes = known === undefined ? fieldBytes(Buffer.byteLength(partitionKey)) : 0;
    const recordBytes = 1 + varintBytes(index) + fieldBytes(data.length);
    const more = keyBytes + fieldBytes(recordBytes);
    // The first event is in, whatever its size; by itself it is sent plain.
    if (records.length > 0 && bytes + more > limit) return false;
    bytes += more;
    if (known === undefined) keys.set(partitionKey, index);
    records.push({ index, data });
    return true;
  };
  add(first);
  return {
    add,
    seal() {
      const writer = new BinaryWriter();
      for (const key of keys.keys()) {
        writer.tag(Aggregated.partitionKeys, WireType.LengthDelimited).string(key);
      }
      for (const { index, data } of records) {
        writer.tag(Aggregated.records, WireType.LengthDelimited).fork();
        writer.tag(Inner.partitionKeyIndex, WireType.Varint).uint32(index);
        writer.tag(Inner.data, WireType.LengthDelimited).bytes(data).join();
      }
      const message = writer.finish();
      return Buffer.concat([magic, message, createHash('md5').update(message).digest()]);
    },
  };
}

/** A length-delimited field with a tag below 16. */
function fieldBytes(length: number): number {
  return 1 + varintBytes(length) + length;
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes++;
  return bytes;
}
