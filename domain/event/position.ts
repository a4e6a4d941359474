/**
 * The place of an event in its shard, as a string whose order as text is the order in the shard: the record's
 * sequence number and the event's index in the record, both in fixed width. Kinesis sequence numbers are decimal
 * and grow within a shard; they pass the 38 digits of a DynamoDB number, so the table compares them as text.
 */
export type Position = string;

// 56 digits today. The API allows 129; the digits of length in front keep the order if they ever grow.
const lengthDigits = 3;

/**
 * What one subsequence number is worth in an event's index. A line takes two bytes at least, so that a record of
 * 10 MiB, the most that a stream can be set to, has no more than 5,242,880 of them.
 */
export const linesPerSubsequence = 10_000_000;

// An index below `linesPerSubsequence`; and any: 10 MiB hold at most 1,747,626 inner records of six bytes each.
const lineDigits = 7;
const indexDigits = 14;

/**
 * The index of an event in its record: the number of its line, unless the record is a KPL aggregate, whose inner
 * records each have lines of their own. It is the archive's `subSequenceNumber`.
 *
 * @param subsequence number of the inner record in the aggregate, from 0; 0 in a record that is none
 * @param line from 0, blank lines not counted
 */
export function eventIndex(subsequence: number, line: number): number {
  return subsequence * linesPerSubsequence + line;
}

/** Digits of a sequence number that the API allows. */
const maxDigits = 129;

const lengthTexts = Array.from({ length: maxDigits + 1 }, (_, length) =>
  String(length).padStart(lengthDigits, '0'),
);
const firstLine = '0'.repeat(lineDigits);

/** @throws RangeError for a sequence number that is not decimal digits */
export function positionOf(sequenceNumber: string, index: number): Position {
  if (!/^(0|[1-9]\d{0,128})$/.test(sequenceNumber)) {
    throw new RangeError(
      `sequence number "${sequenceNumber}": must be 1 to 129 decimal digits without leading zeros`,
    );
  }
  const length = lengthTexts[sequenceNumber.length]!;
  return `${length}:${sequenceNumber}:${indexText(index)}`;
}

/** Seven digits as long as they do, since most records are no aggregates; a tilde sorts the rest behind those. */
function indexText(index: number): string {
  if (index === 0) return firstLine;
  if (index < linesPerSubsequence) return String(index).padStart(lineDigits, '0');
  return `~${String(index).padStart(indexDigits, '0')}`;
}
