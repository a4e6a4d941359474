import { putRecordsLimits } from '../../producer/client/batch';
import { type OutgoingEvent, sizeBytes } from '../../producer/client/outgoing-event';
import type { OpenRecord } from '../../producer/client/packing/open-record';
import { createPacker } from '../../producer/client/packing/packer';

/** Half of what `PutRecords` takes, since base64 makes it longer on the way. */
const maxRequestBytes = putRecordsLimits.maxBytes / 2;
const packer = createPacker('ndjson');

/**
 * The requests that put some events, each to be acknowledged before the next. Events of one key share records, and no
 * request has two records of a key: so they are in the stream in their order, whatever `PutRecords` has to repeat.
 */
export function requestsInOrder(events: readonly OutgoingEvent[]): readonly (readonly OutgoingEvent[])[] {
  return roundsOf(events).flatMap(requestsOf);
}

/** The first record of each key, the second of each, and so on. */
function roundsOf(events: readonly OutgoingEvent[]): readonly (readonly OutgoingEvent[])[] {
  const recordsOfKey = new Map<string, { event: OutgoingEvent; open: OpenRecord | undefined }[]>();
  for (const event of events) {
    const records = recordsOfKey.get(event.partitionKey) ?? [];
    if (records.at(-1)?.open?.add(event)) continue;
    records.push({ event, open: packer.begin(event) });
    recordsOfKey.set(event.partitionKey, records);
  }
  const rounds: OutgoingEvent[][] = [];
  for (const [partitionKey, records] of recordsOfKey) {
    for (const [round, { event, open }] of records.entries()) {
      rounds[round] ??= [];
      rounds[round].push({ data: open?.seal() ?? event.data, partitionKey });
    }
  }
  return rounds;
}

function requestsOf(records: readonly OutgoingEvent[]): readonly (readonly OutgoingEvent[])[] {
  const requests: OutgoingEvent[][] = [];
  let bytes = 0;
  for (const record of records) {
    const size = sizeBytes(record);
    const last = requests.at(-1);
    if (last && last.length < putRecordsLimits.maxRecords && bytes + size <= maxRequestBytes) {
      last.push(record);
      bytes += size;
    } else {
      requests.push([record]);
      bytes = size;
    }
  }
  return requests;
}
