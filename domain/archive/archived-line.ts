import { type Reading, readEvent } from '../event/record';
import type { ArchivePlace } from './archive-line';

/** A line of the archive, with what the stream knew of it. */
export interface ArchivedLine {
  readonly place: ArchivePlace;
  /** Why it was no event when it was archived; undefined for an event. */
  readonly rejected: string | undefined;
  /**
   * What the parser makes of the line today, whatever it made of it when it was archived.
   *
   * @param arrivedAt epoch milliseconds; left out, when the stream took it
   */
  read(arrivedAt?: number): Reading;
}

const placeMembers = Buffer.from(',"arrivedAt":"');
const closingBrace = Buffer.from('}');

/**
 * Reads what `archiveLine` wrote. The event is read anew from its own bytes, so that a rebuild after a change of the
 * parser counts as the aggregator counts now. Undefined for bytes that are no such line.
 *
 * @param line without its line feed
 */
export function readArchivedLine(line: Buffer): ArchivedLine | undefined {
  // The last occurrence is the archive's own: inside a value the quotes would be escaped.
  const at = line.lastIndexOf(placeMembers);
  const place = at < 0 ? undefined : readPlace(line.toString('utf8', at + 1));
  if (!place) return undefined;
  const { rejected, bytes } = sentAs(line.subarray(0, at));
  return { place, rejected, read: (arrivedAt = place.arrivedAt) => readEvent(bytes(), arrivedAt) };
}

/** @param members the last members of a line, with its closing brace */
function readPlace(members: string): ArchivePlace | undefined {
  try {
    const { arrivedAt, shardId, sequenceNumber, subSequenceNumber } = JSON.parse(`{${members}`);
    const isPlace =
      typeof shardId === 'string' &&
      typeof sequenceNumber === 'string' &&
      Number.isSafeInteger(subSequenceNumber);
    const instant = Date.parse(arrivedAt);
    return isPlace && Number.isFinite(instant)
      ? { arrivedAt: instant, shardId, sequenceNumber, subSequenceNumber }
      : undefined;
  } catch {
    return undefined;
  }
}

const rejectedBegins = Buffer.from('{"rejected":"');
const rawBegins = Buffer.from('","raw":"');

/** The line as it was sent. An event has no member `rejected`, so this one is the archive's. */
function sentAs(members: Buffer): { readonly rejected: string | undefined; bytes(): Buffer } {
  const raw = members.subarray(0, rejectedBegins.length).equals(rejectedBegins)
    ? members.indexOf(rawBegins)
    : -1;
  if (raw < 0) return { rejected: undefined, bytes: () => Buffer.concat([members, closingBrace]) };
  return {
    rejected: members.toString('utf8', rejectedBegins.length, raw),
    // Without the quote behind it.
    bytes: () =>
      Buffer.from(members.toString('latin1', raw + rawBegins.length, members.length - 1), 'base64'),
  };
}
