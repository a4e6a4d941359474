import { lastingBytes } from '../bytes/lasting-bytes';
import { areDigits, wordsOf } from '../bytes/words';
import { printInstant } from '../event/timestamp';

/** Where an event stood in the stream, and when the stream took it. */
export interface ArchivePlace {
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
  readonly shardId: string;
  readonly sequenceNumber: string;
  /** Index of the event in its record, as `eventIndex` makes it. */
  readonly subSequenceNumber: number;
}

/** The members up to the sequence number, which are the same for many events but for the milliseconds. */
interface Beginning {
  readonly second: number;
  readonly bytes: Buffer;
  readonly millisecondsAt: number;
}

/** By shard id. */
const beginnings = new Map<string, Beginning>();
const maxBeginnings = 1_000;
let lastShardId: string | undefined;
let lastBeginning: Beginning | undefined;

const afterNumber = '","subSequenceNumber":';
const afterNumberOfFirst = Buffer.from(`${afterNumber}0`);
const maxIndexBytes = String(Number.MAX_SAFE_INTEGER).length;
/** A character may become an escape. */
const maxCharacterBytes = '\\u0000'.length;

/** How many bytes `writePlace` takes at the most. */
export function maxPlaceBytes(place: ArchivePlace): number {
  return maxBytesWith(beginningOf(place), place);
}

function maxBytesWith({ bytes }: Beginning, { sequenceNumber }: ArchivePlace): number {
  return bytes.length + sequenceNumber.length * maxCharacterBytes + afterNumber.length + maxIndexBytes;
}

/**
 * Writes the members that tell a place, a comma before each.
 *
 * @param behind how many bytes there must be room for behind them
 * @returns one past the last byte written; -1 if there may not be room, and then nothing is written
 */
export function writePlace(place: ArchivePlace, into: Buffer, from: number, behind: number): number {
  const { arrivedAt, sequenceNumber, subSequenceNumber } = place;
  const beginning = beginningOf(place);
  if (from + maxBytesWith(beginning, place) + behind > into.length) return -1;
  into.set(beginning.bytes, from);
  writeMilliseconds(arrivedAt, into, from + beginning.millisecondsAt);
  let at = from + beginning.bytes.length;
  const numberEnds = at + into.write(sequenceNumber, at);
  at = areDigits(wordsOf(into), at, numberEnds)
    ? numberEnds
    : at + into.write(JSON.stringify(sequenceNumber).slice(1, -1), at);
  if (subSequenceNumber !== 0) return at + into.write(`${afterNumber}${subSequenceNumber}`, at);
  into.set(afterNumberOfFirst, at);
  return at + afterNumberOfFirst.length;
}

function beginningOf({ arrivedAt, shardId }: ArchivePlace): Beginning {
  const second = Math.floor(arrivedAt / 1000);
  if (shardId === lastShardId && lastBeginning!.second === second) return lastBeginning!;
  let beginning = beginnings.get(shardId);
  if (beginning?.second !== second) {
    beginning = newBeginning(arrivedAt, second, shardId);
    if (beginnings.size === maxBeginnings) beginnings.clear();
    beginnings.set(shardId, beginning);
  }
  lastShardId = shardId;
  lastBeginning = beginning;
  return beginning;
}

function newBeginning(arrivedAt: number, second: number, shardId: string): Beginning {
  const instant = `,"arrivedAt":"${printInstant(arrivedAt)}`;
  const bytes = lastingBytes(`${instant}","shardId":${JSON.stringify(shardId)},"sequenceNumber":"`);
  return { second, bytes, millisecondsAt: instant.length - 'mmmZ'.length };
}

function writeMilliseconds(instant: number, into: Buffer, at: number): void {
  const milliseconds = Math.floor(instant - Math.floor(instant / 1000) * 1000);
  into[at] = 0x30 + Math.floor(milliseconds / 100);
  into[at + 1] = 0x30 + (Math.floor(milliseconds / 10) % 10);
  into[at + 2] = 0x30 + (milliseconds % 10);
}
