import { createHash } from 'node:crypto';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { OutgoingEvent } from '../outgoing-event';
import type { OpenRecord } from './packer';

/** Every aggregated record begins with these bytes (KPL: aggregation format), … */
const magic = Buffer.from('f3899ac2', 'hex');
/** … and ends with the MD5 of what is between. */
const digestBytes = 16;

/** Fields of `AggregatedRecord`. The table of explicit hash keys (2) stays empty: no event brings one. */
const partitionKeyTable = 1;
const records = 3;
/** Fields of its `Record`s. */
const partitionKeyIndex = 1;
const data = 3;

/**
 * Begins an aggregated record of at most `limit` bytes with the first event's key. Each inner record keeps its own
 * partition key, so a de-aggregator sees what would have been there unpacked.
 */
export function beginAggregate(first: OutgoingEvent, limit: number): OpenRecord {
  const events: OutgoingEvent[] = [];
  const keys = new Map<string, number>();
  let bytes = Buffer.byteLength(first.partitionKey) + magic.length + digestBytes;

  const add = (event: OutgoingEvent) => {
    const known = keys.get(event.partitionKey);
    const index = known ?? keys.size;
    const keyBytes = known === undefined ? fieldBytes(Buffer.byteLength(event.partitionKey)) : 0;
    const more = keyBytes + fieldBytes(recordBytes(index, event.data.length));
    // The first event is in, whatever its size; by itself it is sent plain.
    if (events.length > 0 && bytes + more > limit) return false;
    bytes += more;
    if (known === undefined) keys.set(event.partitionKey, index);
    events.push(event);
    return true;
  };
  add(first);
  return { add, seal: () => encode(events, keys) };
}

function encode(events: readonly OutgoingEvent[], keys: ReadonlyMap<string, number>): Uint8Array {
  const writer = new BinaryWriter();
  for (const key of keys.keys()) writer.tag(partitionKeyTable, WireType.LengthDelimited).string(key);
  for (const event of events) {
    const index = keys.get(event.partitionKey)!;
    // The length is known beforehand, which saves `fork` and its copy of the data.
    writer.tag(records, WireType.LengthDelimited).uint32(recordBytes(index, event.data.length));
    writer.tag(partitionKeyIndex, WireType.Varint).uint32(index);
    writer.tag(data, WireType.LengthDelimited).bytes(event.data);
  }
  const message = writer.finish();
  return Buffer.concat([magic, message, createHash('md5').update(message).digest()]);
}

function recordBytes(index: number, dataBytes: number): number {
  return 1 + varintBytes(index) + fieldBytes(dataBytes);
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
