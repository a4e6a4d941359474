import { lastingBytes } from '../bytes/lasting-bytes';
import { rememberedBytes } from '../bytes/remembered-bytes';
import { derivedFields } from '../derived/derived-fields';
import type { Click, Reading } from '../event/record';
import { type ArchivePlace, maxPlaceBytes, writePlace } from './place-members';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;

const closingBrace = 0x7d;
const endingBytes = '}\n'.length;

/**
 * The archive's line for one line of a record, ending in a line feed. An event stays as it was sent, byte for byte,
 * and gets its place and derived fields as further members; a line that is no event is kept whole, in base64, with
 * the reason. Numbers too long for a double and the order of members survive, which parsing and printing would lose.
 */
export function archiveLine(reading: Reading, place: ArchivePlace): Buffer {
  if (reading.ok) return eventLine(reading, place);
  const { reason, bytes } = reading;
  const members = `{"rejected":"${reason}","raw":"${bytes.toString('base64')}"`;
  const line = Buffer.allocUnsafe(members.length + maxPlaceBytes(place) + endingBytes);
  const at = writePlace(place, line, line.write(members, 'latin1'), endingBytes);
  return line.subarray(0, writeEnding(line, at));
}

function eventLine(click: Click, place: ArchivePlace): Buffer {
  const { bytes } = click;
  const most = maxPlaceBytes(place) + findDerivedMembers(click) + endingBytes;
  const line = Buffer.allocUnsafe(click.closingBrace + most);
  bytes.copy(line, 0, 0, click.closingBrace);
  if (click.hasLineBreaks) putOnOneLine(line.subarray(0, click.closingBrace));
  return line.subarray(0, writeLineEnd(click, place, line, click.closingBrace));
}

/**
 * Writes what the archive's line has in the place of an event's closing brace: more members, the brace and a line feed.
 *
 * @param into may be the event's own bytes
 * @param from where the closing brace is, or would be
 * @returns one past the last byte written; -1 if there may not be room, and then nothing is written
 */
export function writeLineEnd(click: Click, place: ArchivePlace, into: Buffer, from: number): number {
  // Found before the event's bytes may be written over.
  const derivedBytes = findDerivedMembers(click);
  let at = writePlace(place, into, from, derivedBytes + endingBytes);
  if (at < 0) return -1;
  for (const members of found) {
    into.set(members, at);
    at += members.length;
  }
  return writeEnding(into, at);
}

function writeEnding(into: Buffer, at: number): number {
  into[at] = closingBrace;
  into[at + 1] = lineFeed;
  return at + endingBytes;
}

const derivations = derivedFields.map(({ from, derive }) => {
  const membersOf = (text: string) => membersWith(derive(text));
  return { from, read: rememberedBytes(membersOf), ofNothing: membersOf('') };
});

/** What `findDerivedMembers` found last, by derivation: one list for all events, as each has its own at once. */
const found: Buffer[] = derivations.map(({ ofNothing }) => ofNothing);

/** Finds the derived members of an event. @returns how many bytes they take */
function findDerivedMembers(click: Click): number {
  let bytes = 0;
  for (let index = 0; index < derivations.length; index++) {
    const { from, read, ofNothing } = derivations[index]!;
    const members = click.reading(from, read) ?? ofNothing;
    found[index] = members;
    bytes += members.length;
  }
  return bytes;
}

/** The members of an object as a line has them behind others, a comma before each. */
function membersWith(derived: Readonly<Record<string, unknown>>): Buffer {
  const members = JSON.stringify(derived).slice(1, -1);
  return lastingBytes(members === '' ? '' : `,${members}`);
}

/** Inside JSON, a bare line break is mere spacing; in the archive it would end the line. */
function putOnOneLine(bytes: Buffer): void {
  for (const [at, byte] of bytes.entries()) {
    if (byte === lineFeed || byte === carriageReturn) bytes[at] = space;
  }
}
