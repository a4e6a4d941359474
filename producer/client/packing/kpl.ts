import { createHash } from 'node:crypto';
import type { OutgoingEvent } from '../outgoing-event';
import type { OpenRecord } from './open-record';

/** Every aggregated record begins with these bytes (KPL: aggregation format), … */
const magic = Buffer.from('f3899ac2', 'hex');
/** … and ends with the MD5 of what is between. */
const digestBytes = 16;

/** Tags: a field's number and its wire type, which is 2 for bytes with their length before them, and 0 for a number. */
const tag = {
  /** Fields of `AggregatedRecord`. The table of explicit hash keys (2) stays empty: no event brings one. */
  partitionKeyTable: (1 << 3) | 2,
  records: (3 << 3) | 2,
  /** Fields of its `Record`s. */
  partitionKeyIndex: (1 << 3) | 0,
  data: (3 << 3) | 2,
} as const;

/**
 * Begins an aggregated record of at most `limit` bytes with the first event's key. Each inner record keeps its own
 * partition key, so a de-aggregator sees what would have been there unpacked.
 */
export function beginAggregate(first: OutgoingEvent, limit: number): OpenRecord {
  const events: OutgoingEvent[] = [];
  const indexes: number[] = [];
  const keys = new Map<string, number>();
  const outerKeyBytes = Buffer.byteLength(first.partitionKey);
  let bytes = outerKeyBytes + magic.length + digestBytes;

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
    indexes.push(index);
    return true;
  };
  add(first);
  return { add, seal: () => encode(bytes - outerKeyBytes, events, indexes, keys.keys()) };
}

function encode(
  bytes: number,
  events: readonly OutgoingEvent[],
  indexes: readonly number[],
  keys: Iterable<string>,
): Uint8Array {
  const aggregate = Buffer.allocUnsafe(bytes);
  let end = magic.copy(aggregate);
  const writeVarint = (value: number) => {
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) aggregate[end++] = (rest & 0x7f) | 0x80;
    aggregate[end++] = rest;
  };
  for (const key of keys) {
    aggregate[end++] = tag.partitionKeyTable;
    writeVarint(Buffer.byteLength(key));
    end += aggregate.write(key, end);
  }
  events.forEach(({ data }, position) => {
    const index = indexes[position]!;
    aggregate[end++] = tag.records;
    writeVarint(recordBytes(index, data.length));
    aggregate[end++] = tag.partitionKeyIndex;
    writeVarint(index);
    aggregate[end++] = tag.data;
    writeVarint(data.length);
    aggregate.set(data, end);
    end += data.length;
  });
  const digest = createHash('md5').update(aggregate.subarray(magic.length, end)).digest();
  digest.copy(aggregate, end);
  return aggregate;
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
