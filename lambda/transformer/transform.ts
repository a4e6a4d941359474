import type { FirehoseTransformationEventRecord, FirehoseTransformationResultRecord } from 'aws-lambda';
import { archiveLine, writeLineEnd } from '../../domain/archive/archive-line';
import type { ArchivePlace } from '../../domain/archive/place-members';
import { eventIndex } from '../../domain/event/position';
import { type Click, type Reading, readOnlyEvent, readRecord } from '../../domain/event/record';
import { AnswerRoom } from './answer-room';
import { base64Length, RecordMemory } from './record-memory';

/** What became of the records of one invocation. */
export interface Transformation {
  readonly answers: readonly FirehoseTransformationResultRecord[];
  readonly valid: number;
  readonly late: number;
  readonly invalidByReason: ReadonlyMap<string, number>;
  /** Records without a good line, which Firehose stores raw under the error prefix. */
  readonly recordsFailed: number;
  /** Of these, the records that have good lines, but for which the answer had no room. */
  readonly recordsWithoutRoom: number;
}

const memory = new RecordMemory();

/**
 * Answers every record of a Firehose invocation exactly once, in order. A record with a good line becomes its
 * archive lines; one without fails, so that Firehose keeps its raw bytes under the error prefix. Should an answer
 * outgrow the limit (many tiny lines grow most), the records that no longer fit fail as well: their bytes are
 * under the error prefix, where the same parser reads them.
 *
 * Firehose unpacks KPL aggregates before it invokes, and says with each record which one of its aggregate it is. An
 * aggregate that comes as it is becomes the archive lines of all its records, in one answer.
 */
export function transform(records: readonly FirehoseTransformationEventRecord[]): Transformation {
  const invalidByReason = new Map<string, number>();
  const answers: FirehoseTransformationResultRecord[] = [];
  const room = new AnswerRoom(records);
  let valid = 0;
  let late = 0;
  let recordsFailed = 0;
  let recordsWithoutRoom = 0;

  for (const record of records) {
    const place = firstPlaceIn(record);
    const length = memory.decode(record.data);
    const event = readOnlyEvent(memory.bytes, 0, length, place.arrivedAt);
    let hasGoodLine = event !== undefined;
    let data: string | undefined;
    if (event) {
      valid++;
      if (event.late) late++;
      data = lineOf(event, place, room);
    } else {
      const readings = readRecord(memory.bytes.subarray(0, length), place.arrivedAt);
      for (const reading of readings) {
        if (reading.ok) {
          hasGoodLine = true;
          valid++;
          if (reading.late) late++;
        } else {
          invalidByReason.set(reading.reason, (invalidByReason.get(reading.reason) ?? 0) + 1);
        }
      }
      if (hasGoodLine) data = linesOf(readings, place, room);
    }
    if (data !== undefined) {
      answers.push({ recordId: record.recordId, result: 'Ok', data });
    } else {
      recordsFailed++;
      if (hasGoodLine) recordsWithoutRoom++;
      answers.push(failed(record.recordId));
    }
  }
  return { answers, valid, late, invalidByReason, recordsFailed, recordsWithoutRoom };
}

function firstPlaceIn(record: FirehoseTransformationEventRecord): ArchivePlace {
  const { approximateArrivalTimestamp, kinesisRecordMetadata: metadata } = record;
  if (!metadata) {
    return {
      arrivedAt: approximateArrivalTimestamp,
      shardId: '',
      sequenceNumber: '',
      subSequenceNumber: 0,
    };
  }
  return {
    arrivedAt: metadata.approximateArrivalTimestamp ?? approximateArrivalTimestamp,
    shardId: metadata.shardId ?? '',
    sequenceNumber: metadata.sequenceNumber ?? '',
    // The types of the event say that it is a string; recorded events have a number.
    subSequenceNumber: eventIndex(Number(metadata.subsequenceNumber ?? 0), 0),
  };
}

/** The archive line, in base64, of the event that is in the memory; undefined if there is no room for it. */
function lineOf(event: Click, place: ArchivePlace, room: AnswerRoom): string | undefined {
  const length = writeLineEnd(event, place, memory.bytes, event.closingBrace);
  if (length < 0) return linesOf([event], place, room);
  return room.take(base64Length(length)) ? memory.bytes.toString('base64', 0, length) : undefined;
}

/** The archive lines of a record in base64; undefined if there is no room for them. */
function linesOf(readings: readonly Reading[], first: ArchivePlace, room: AnswerRoom): string | undefined {
  const lines: Buffer[] = [];
  let length = 0;
  for (const [index, reading] of readings.entries()) {
    const line = archiveLine(reading, { ...first, subSequenceNumber: first.subSequenceNumber + index });
    length += line.length;
    if (!room.has(base64Length(length))) return undefined;
    lines.push(line);
  }
  room.take(base64Length(length));
  return Buffer.concat(lines).toString('base64');
}

/** Without data: Firehose stores the record as it came, and an echo would only fill the answer. */
function failed(recordId: string): FirehoseTransformationResultRecord {
  return { recordId, result: 'ProcessingFailed' };
}
