import { derivedFields } from '../derived/derived-fields';
import { remembered } from '../derived/remembered';
import type { Click, Reading } from '../event/record';

/** Where an event stood in the stream, and when the stream took it. */
export interface ArchivePlace {
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
  readonly shardId: string;
  readonly sequenceNumber: string;
  /** Index of the event in its record, as `eventIndex` makes it. */
  readonly subSequenceNumber: number;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;

/**
 * The archive's line for one line of a record, ending in a line feed. An event stays as it was sent, byte for byte,
 * and gets its place and derived fields as further members; a line that is no event is kept whole, in base64, with
 * the reason. Numbers too long for a double and the order of members survive, which parsing and printing would lose.
 *
 * @throws RangeError for an arrival that is no time
 */
export function archiveLine(reading: Reading, place: ArchivePlace): Buffer {
  if (reading.ok) return eventLine(reading, `${placeMembers(place)}${derivedMembers(reading)}}\n`);
  const { reason, bytes } = reading;
  return Buffer.from(`{"rejected":"${reason}","raw":"${bytes.toString('base64')}"${placeMembers(place)}}\n`);
}

/** @param ending what the line has in the place of the event's closing brace */
function eventLine({ bytes, closingBrace }: Click, ending: string): Buffer {
  const line = Buffer.allocUnsafe(closingBrace + Buffer.byteLength(ending));
  bytes.copy(line, 0, 0, closingBrace);
  putOnOneLine(line.subarray(0, closingBrace));
  line.write(ending, closingBrace);
  return line;
}

/** A comma before each. Printed by hand: `JSON.stringify` of an object for each line costs more than reading the event. */
function placeMembers({ arrivedAt, shardId, sequenceNumber, subSequenceNumber }: ArchivePlace): string {
  const instant = new Date(arrivedAt).toISOString();
  const [shard, number] = [JSON.stringify(shardId), JSON.stringify(sequenceNumber)];
  return `,"arrivedAt":"${instant}","shardId":${shard},"sequenceNumber":${number},"subSequenceNumber":${subSequenceNumber}`;
}

const derivations = derivedFields.map(({ from, derive }) => ({
  from,
  members: remembered((text) => {
    const members = JSON.stringify(derive(text)).slice(1, -1);
    return members === '' ? '' : `,${members}`;
  }),
}));

/** A comma before each. */
function derivedMembers(click: Click): string {
  let all = '';
  for (const { from, members } of derivations) all += members(click.field(from) ?? '');
  return all;
}

/** Between the tokens of JSON, a line break is mere spacing; in the archive it would end the line. */
function putOnOneLine(bytes: Buffer): void {
  for (const lineBreak of [lineFeed, carriageReturn]) {
    for (let at = bytes.indexOf(lineBreak); at >= 0; at = bytes.indexOf(lineBreak, at + 1)) bytes[at] = space;
  }
}
