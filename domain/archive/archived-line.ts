import { type Reading, readEvent } from '../event/record';
import type { ArchivePlace } from './place-members';

/** A line of the archive, with what the stream knew of it. */
export interface ArchivedLine {
  readonly place: ArchivePlace;
  /** What the parser makes of the line today, whatever it made of it when it was archived. */
  read(): Reading;
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
  // The last ones are the archive's own: within a value of theirs the quotes would be escaped.
  const at = line.lastIndexOf(placeMembers);
  const place = at < 0 ? undefined : readPlace(line.toString('utf8', at + 1));
  if (!place) return undefined;
  return { place, read: () => readEvent(bytesOf(line.subarray(0, at)), place.arrivedAt) };
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

/** The line as it was sent. An event has no member `rejected`, so this one is the archive's. */
function bytesOf(members: Buffer): Buffer {
  const [, raw] = /^\{"rejected":"[^"]*","raw":"([A-Za-z0-9+/=]*)"$/.exec(members.toString('latin1')) ?? [];
  return raw === undefined ? Buffer.concat([members, closingBrace]) : Buffer.from(raw, 'base64');
}
