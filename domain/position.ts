/**
 * The place of an event in its shard, as a string whose order as text is the order in the shard: the record's
 * sequence number and the event's index in the record, both in fixed width. Kinesis sequence numbers are decimal
 * and grow within a shard; they pass the 38 digits of a DynamoDB number, so the table compares them as text.
 */
export type Position = string;

// 56 digits today. The API allows 129; the two digits of length in front keep the order if they ever grow.
const indexDigits = 7;
const lengthDigits = 3;

/** @throws RangeError for a sequence number that is not decimal digits */
export function positionOf(sequenceNumber: string, index: number): Position {
  if (!/^(0|[1-9]\d{0,128})$/.test(sequenceNumber)) {
    throw new RangeError(
      `sequence number "${sequenceNumber}": must be 1 to 129 decimal digits without leading zeros`,
    );
  }
  const length = String(sequenceNumber.length).padStart(lengthDigits, '0');
  return `${length}:${sequenceNumber}:${String(index).padStart(indexDigits, '0')}`;
}
