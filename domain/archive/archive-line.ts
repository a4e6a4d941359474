import { lastingBytes } from '../bytes/lasting-bytes';
import { rememberedBytes } from '../bytes/remembered-bytes';
import { referrerHost } from '../derived/referrer';
import { deviceOf } from '../derived/user-agent';
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
  const most = maxPlaceBytes(place) + deviceMembers(click).length + referrerMembers(click).length;
  const line = Buffer.allocUnsafe(click.closingBrace + most + endingBytes);
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
  // Looked up before they may be written over.
  const device = deviceMembers(click);
  const referrer = referrerMembers(click);
  let at = writePlace(place, into, from, device.length + referrer.length + endingBytes);
  if (at < 0) return -1;
  into.set(device, at);
  at += device.length;
  into.set(referrer, at);
  return writeEnding(into, at + referrer.length);
}

function writeEnding(into: Buffer, at: number): number {
  into[at] = closingBrace;
  into[at + 1] = lineFeed;
  return at + endingBytes;
}

function deviceMembers(click: Click): Buffer {
  return click.reading('userAgent', membersOfUserAgent) ?? noDevice;
}

function referrerMembers(click: Click): Buffer {
  return click.reading('referrer', membersOfReferrer) ?? noReferrer;
}

const membersOfUserAgent = rememberedBytes(membersOfDevice);
const noDevice = membersOfDevice('');

function membersOfDevice(userAgent: string): Buffer {
  return lastingBytes(`,${JSON.stringify(deviceOf(userAgent)).slice(1, -1)}`);
}

const noReferrer = Buffer.alloc(0);
const membersOfReferrer = rememberedBytes((referrer) => {
  const host = referrerHost(referrer);
  return host === undefined ? noReferrer : lastingBytes(`,"referrerHost":${JSON.stringify(host)}`);
});

/** Inside JSON, a bare line break is mere spacing; in the archive it would end the line. */
function putOnOneLine(bytes: Buffer): void {
  for (const [at, byte] of bytes.entries()) {
    if (byte === lineFeed || byte === carriageReturn) bytes[at] = space;
  }
}
