import type { Click, Reading } from './record';
import { referrerHost } from './referrer';
import { remembered } from './remembered';
import { printInstant } from './timestamp';
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

/**
 * The archive's line for one line of a record, ending in a line feed. An event stays as it was sent, byte for byte,
 * and gets its place and derived fields as further members; a line that is no event is kept whole, in base64, with
 * the reason. Numbers too long for a double and the order of members survive, which parsing and printing would lose.
 */
export function archiveLine(reading: Reading, place: ArchivePlace): Buffer {
  if (reading.ok) {
    const { bytes, closingBrace, hasLineBreaks } = reading;
    const event = bytes.subarray(0, closingBrace);
    return Buffer.concat([hasLineBreaks ? onOneLine(event) : event, Buffer.from(lineEnd(reading, place))]);
  }
  const { reason, bytes } = reading;
  return Buffer.from(`{"rejected":"${reason}","raw":"${bytes.toString('base64')}"${placeMembers(place)}}\n`);
}

/** What the archive's line has in the place of an event's closing brace: more members, the brace and a line feed. */
export function lineEnd(click: Click, place: ArchivePlace): string {
  const userAgent = click.field('userAgent') ?? '';
  const referrer = click.field('referrer') ?? '';
  return `${placeMembers(place)}${deviceMembers(userAgent)}${referrerMembers(referrer)}}\n`;
}

const deviceMembers = remembered((userAgent) => `,${JSON.stringify(deviceOf(userAgent)).slice(1, -1)}`);

const referrerMembers = remembered((referrer) => {
  const host = referrerHost(referrer);
  return host === undefined ? '' : `,"referrerHost":${JSON.stringify(host)}`;
});

let lastShardId = '';
let lastShardText = '""';

function placeMembers({ arrivedAt, shardId, sequenceNumber, subSequenceNumber }: ArchivePlace): string {
  if (shardId !== lastShardId) {
    lastShardId = shardId;
    lastShardText = JSON.stringify(shardId);
  }
  const number = digits.test(sequenceNumber) ? `"${sequenceNumber}"` : JSON.stringify(sequenceNumber);
  return (
    `,"arrivedAt":"${printInstant(arrivedAt)}","shardId":${lastShardText},"sequenceNumber":${number}` +
    `,"subSequenceNumber":${subSequenceNumber}`
  );
}

/** What `JSON.stringify` would leave as it is, and take longer for. */
const digits = /^\d*$/;

/** Inside JSON, a bare line break is mere spacing; in the archive it would end the line. */
function onOneLine(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte)));
}
