import type { FirehoseTransformationEventRecord, FirehoseTransformationResultRecord } from 'aws-lambda';
import { type ArchivePlace, archiveLine } from '../../domain/archive/archive-line';
import { type Reading, readRecord } from '../../domain/event/record';
import { AnswerRoom, base64Length } from './answer-room';
import { firstPlaceIn } from './place-in-record';

/** What became of the records of one invocation. */
export interface Transformation {
  readonly answers: readonly FirehoseTransformationResultRecord[];
  readonly valid: number;
  readonly late: number;
  readonly invalidByReason: ReadonlyMap<string, number>;
  /** Records for whose lines the answer had no room, which Firehose stores raw under the error prefix. */
  readonly recordsWithoutRoom: number;
}

/**
 * Answers every record of a Firehose invocation exactly once, in order, with the archive lines of its events and of its
 * bad lines: so each has its place in the archive. Should an answer outgrow the limit (many tiny lines grow most), the
 * records that no longer fit fail, and Firehose stores them under the error prefix; records without an event are the
 * first to go, so that garbage takes no room from events.
 *
 * Firehose unpacks KPL aggregates before it invokes, and says with each record which one of its aggregate it is. An
 * aggregate that comes as it is becomes the archive lines of all its records, in one answer.
 */
export function transform(records: readonly FirehoseTransformationEventRecord[]): Transformation {
  const invalidByReason = new Map<string, number>();
  const answers: FirehoseTransformationResultRecord[] = [];
  const room = new AnswerRoom(records);
  const withoutEvent: { index: number; readings: readonly Reading[] }[] = [];
  let valid = 0;
  let late = 0;
  let recordsWithoutRoom = 0;

  for (const [index, record] of records.entries()) {
    const place = firstPlaceIn(record);
    const readings = readRecord(Buffer.from(record.data, 'base64'), place.arrivedAt);
    let data: string | undefined;
    let hasEvent = false;
    for (const reading of readings) {
      if (reading.ok) {
        hasEvent = true;
        valid++;
        if (reading.late) late++;
      } else {
        invalidByReason.set(reading.reason, (invalidByReason.get(reading.reason) ?? 0) + 1);
      }
    }
    if (hasEvent) data = linesOf(readings, place, room);
    else withoutEvent.push({ index, readings });
    answers.push(answerOf(record.recordId, data));
  }
  for (const { index, readings } of withoutEvent) {
    const record = records[index]!;
    answers[index] = answerOf(record.recordId, linesOf(readings, firstPlaceIn(record), room));
  }
  for (const { result } of answers) if (result !== 'Ok') recordsWithoutRoom++;
  return { answers, valid, late, invalidByReason, recordsWithoutRoom };
}

/** A failed record has no data: Firehose stores it as it came, and an echo would only fill the answer. */
function answerOf(recordId: string, data: string | undefined): FirehoseTransformationResultRecord {
  return data === undefined ? { recordId, result: 'ProcessingFailed' } : { recordId, result: 'Ok', data };
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
  return (lines.length === 1 ? lines[0]! : Buffer.concat(lines)).toString('base64');
}
