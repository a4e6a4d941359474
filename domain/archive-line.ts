import type { Click, Reading } from './record';
import { referrerHost } from './referrer';
import { deviceOf } from './user-agent';

/** Where an event stood in the stream, and when the stream took it. */
export interface ArchivePlace {
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
  readonly shardId: string;
  readonly sequenceNumber: string;
  /** Index of the event in its record, as `eventIndex` makes it. */
  readonly subSequenceNumber: number;
}

const closingBrace = Buffer.from('}');
const lineBreaks = /[\r\n]/;

/**
 * The archive's line for one line of a record, ending in a line feed. An event stays as it was sent, byte for byte,
 * and gets its place and derived fields as further members; a line that is no event is kept whole, in base64, with
 * the reason. Numbers too long for a double and the order of members survive, which parsing and printing would lose.
 */
export function archiveLine(reading: Reading, place: ArchivePlace): Buffer {
  const suffix = {
    arrivedAt: new Date(place.arrivedAt).toISOString(),
    shardId: place.shardId,
    sequenceNumber: place.sequenceNumber,
    subSequenceNumber: place.subSequenceNumber,
  };
  if (reading.ok) return spliced(reading, { ...suffix, ...derivedFields(reading) });
  const rejected = { rejected: reading.reason, raw: reading.bytes.toString('base64'), ...suffix };
  return Buffer.from(`${JSON.stringify(rejected)}\n`);
}

function derivedFields({ event }: Click): object {
  const host = referrerHost(event.referrer);
  return { ...deviceOf(event.userAgent), ...(host === undefined ? {} : { referrerHost: host }) };
}

/** Writes more members before an object's closing brace. An event has members already, so a comma leads. */
function spliced({ bytes, closingBrace: end }: Click, members: object): Buffer {
  const text = JSON.stringify(members).slice(1, -1);
  return Buffer.concat([onOneLine(bytes.subarray(0, end)), Buffer.from(`,${text}`), closingBrace, lineFeed]);
}

const lineFeed = Buffer.from('\n');

/** Inside JSON, a bare line break is mere spacing; in the archive it would end the line. */
function onOneLine(bytes: Buffer): Buffer {
  if (!lineBreaks.test(bytes.toString('latin1'))) return bytes;
  return Buffer.from(bytes.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte)));
}
