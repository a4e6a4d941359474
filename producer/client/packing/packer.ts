import { maxRecordBytes } from '../batch';
import type { OutgoingEvent } from '../outgoing-event';
import { beginAggregate } from './kpl';
import { beginLines } from './ndjson';
import type { OpenRecord } from './open-record';

/** How events share a Kinesis record: not at all, as lines, or in the aggregation format of the KPL. */
export type Packing = 'none' | 'ndjson' | 'kpl';

/** What costs the least, and the pipeline's own consumers read. */
export const defaultPacking: Packing = 'ndjson';

export interface Packer {
  readonly packing: Packing;
  /** The largest record that may come of an event of so many bytes and others, keys counted. */
  largest(firstBytes: number): number;
  /** A record with this event in it; undefined for an event that has to have a record to itself. */
  begin(first: OutgoingEvent): OpenRecord | undefined;
}

/**
 * A PUT payload unit, in which Kinesis bills, is 25 KB (AWS: Kinesis Data Streams pricing), of which it is not said how
 * many bytes a KB has, nor whether the key counts. Decimal and with the key, one unit holds the record in any case.
 */
export const defaultPackBytes = 25_000;
export const leastPackBytes = 1024;

/** Throws a `RangeError` for `packBytes` outside of 1 KiB to 1 MiB. */
export function createPacker(packing: Packing, packBytes = defaultPackBytes): Packer {
  if (!(packBytes >= leastPackBytes && packBytes <= maxRecordBytes)) {
    throw new RangeError(`packBytes is ${packBytes}; allowed: ${leastPackBytes} to ${maxRecordBytes}`);
  }
  if (packing === 'none') return { packing, largest: (bytes) => bytes, begin: () => undefined };
  return {
    packing,
    largest: (firstBytes) => Math.max(packBytes, firstBytes),
    begin: (first) =>
      packing === 'ndjson' ? beginLines(first, packBytes) : beginAggregate(first, packBytes),
  };
}
