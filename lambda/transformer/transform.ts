import type { FirehoseTransformationEventRecord, FirehoseTransformationResultRecord } from 'aws-lambda';
import { type ArchivePlace, archiveLine, lineEnd } from '../../domain/archive-line';
import { eventIndex } from '../../domain/position';
import { type Reading, readRecord } from '../../domain/record';
import { base64Length, decode, withEnd } from './decoded-record';

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

/**
 * Lambda takes 6 MB (6,291,456 bytes) of answer; beyond, the whole batch would fail. The rest is left for the
 * envelope and for the base64 of one line's rounding.
 */
export const maxAnswerBytes = 6 * 1024 * 1024 - 64 * 1024;

/** JSON around the longer of the two answers, with its comma. */
const answerOverheadBytes = ',{"recordId":"","result":"ProcessingFailed"}'.length;

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
  let valid = 0;
  let late = 0;
  let recordsFailed = 0;
  let recordsWithoutRoom = 0;
  let room =
    maxAnswerBytes - records.reduce((bytes, { recordId }) => bytes + minimalAnswerBytes(recordId), 0);

  for (const record of records) {
    const bytes = decode(record.data);
    const { kinesisRecordMetadata: metadata } = record;
    const arrivedAt = metadata?.approximateArrivalTimestamp ?? record.approximateArrivalTimestamp;
    const readings = readRecord(bytes, arrivedAt);
    let hasGoodLine = false;
    for (const reading of readings) {
      if (reading.ok) {
        hasGoodLine = true;
        valid++;
        if (reading.late) late++;
      } else {
        invalidByReason.set(reading.reason, (invalidByReason.get(reading.reason) ?? 0) + 1);
      }
    }
    const lines = hasGoodLine ? archiveLines({ record, bytes, arrivedAt }, readings, room) : undefined;
    if (lines) {
      room -= lines.length;
      answers.push({ recordId: record.recordId, result: 'Ok', data: lines });
    } else {
      recordsFailed++;
      if (hasGoodLine) recordsWithoutRoom++;
      answers.push(failed(record.recordId));
    }
  }
  return { answers, valid, late, invalidByReason, recordsFailed, recordsWithoutRoom };
}

/** A record with what was made of it. */
interface DecodedRecord {
  readonly record: FirehoseTransformationEventRecord;
  readonly bytes: Buffer;
  readonly arrivedAt: number;
}

/** The archive lines of a record in base64; undefined if that would be longer than `room`. */
function archiveLines(
  { record, bytes, arrivedAt }: DecodedRecord,
  readings: readonly Reading[],
  room: number,
): string | undefined {
  const { shardId = '', sequenceNumber = '', subsequenceNumber = 0 } = record.kinesisRecordMetadata ?? {};
  // The types of the event say that it is a string; recorded events have a number.
  const subsequence = Number(subsequenceNumber);
  const placeOf = (index: number): ArchivePlace => ({
    arrivedAt,
    shardId,
    sequenceNumber,
    subSequenceNumber: eventIndex(subsequence, index),
  });

  const only = readings.length === 1 ? readings[0]! : undefined;
  if (only?.ok && !only.hasLineBreaks && only.beginsWith(bytes)) {
    const line = withEnd(bytes, only.closingBrace, lineEnd(only, placeOf(0)));
    return base64Length(line.length) > room ? undefined : line.toString('base64');
  }

  const lines: Buffer[] = [];
  let length = 0;
  for (const [index, reading] of readings.entries()) {
    const line = archiveLine(reading, placeOf(index));
    length += line.length;
    if (base64Length(length) > room) return undefined;
    lines.push(line);
  }
  return Buffer.concat(lines).toString('base64');
}

/** Without data: Firehose stores the record as it came, and an echo would only fill the answer. */
function failed(recordId: string): FirehoseTransformationResultRecord {
  return { recordId, result: 'ProcessingFailed' };
}

function minimalAnswerBytes(recordId: string): number {
  return Buffer.byteLength(recordId) + answerOverheadBytes;
}
