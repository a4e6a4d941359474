import { aggregate, envelopeBytes } from '../../../domain/event/kpl';
import type { OutgoingEvent } from '../outgoing-event';
import type { OpenRecord } from './open-record';

/**
 * Begins an aggregated record of at most `limit` bytes with the first event's key. Each inner record keeps its own
 * partition key, so a de-aggregator sees what would have been there unpacked.
 */
export function beginAggregate(first: OutgoingEvent, limit: number): OpenRecord {
  const events: OutgoingEvent[] = [];
  const keys = new Map<string, number>();
  let bytes = Buffer.byteLength(first.partitionKey) + envelopeBytes;

  const add = (event: OutgoingEvent) => {
    const { partitionKey, data } = event;
    const known = keys.get(partitionKey);
    const index = known ?? keys.size;
    const keyBytes = known === undefined ? fieldBytes(Buffer.byteLength(partitionKey)) : 0;
    const recordBytes = 1 + varintBytes(index) + fieldBytes(data.length);
    const more = keyBytes + fieldBytes(recordBytes);
    // The first event is in, whatever its size; by itself it is sent plain.
    if (events.length > 0 && bytes + more > limit) return false;
    bytes += more;
    if (known === undefined) keys.set(partitionKey, index);
    events.push(event);
    return true;
  };
  add(first);
  return { add, seal: () => aggregate(events) };
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
