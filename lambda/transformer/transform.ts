import type { FirehoseTransformationEventRecord, FirehoseTransformationResultRecord } from 'aws-lambda';
import { archiveLine } from '../../domain/archive-line';
import { eventIndex } from '../../domain/position';
import { type Reading, readRecord } from '../../domain/record';

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
    const { data, arrivedAt } = sourceOf(record);
    const readings = readRecord(data, arrivedAt);
    for (const reading of readings) {
      if (reading.ok) valid++;
      else invalidByReason.set(reading.reason, (invalidByReason.get(reading.reason) ?? 0) + 1);
      if (reading.ok && reading.late) late++;
    }
    const hasGoodLine = readings.some((reading) => reading.ok);
    const lines = hasGoodLine ? archiveLines(record, readings, arrivedAt, room) : undefined;
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

/** The archive lines of a record in base64; undefined if that would be longer than `room`. */
function archiveLines(
  record: FirehoseTransformationEventRecord,
  readings: readonly Reading[],
  arrivedAt: number,
  room: number,
): string | undefined {
  const { shardId = '', sequenceNumber = '', subsequenceNumber = 0 } = record.kinesisRecordMetadata ?? {};
  // The types of the event say that it is a string; recorded events have a number.
  const subsequence = Number(subsequenceNumber);
  const lines: Buffer[] = [];
  let bytes = 0;
  for (const [index, reading] of readings.entries()) {
    const subSequenceNumber = eventIndex(subsequence, index);
    const line = archiveLine(reading, { arrivedAt, shardId, sequenceNumber, subSequenceNumber });
    bytes += line.length;
    if (Math.ceil(bytes / 3) * 4 > room) return undefined;
    lines.push(line);
  }
  return Buffer.concat(lines).toString('base64');
}

function sourceOf(record: FirehoseTransformationEventRecord): { data: Buffer; arrivedAt: number } {
  return {
    data: Buffer.from(record.data, 'base64'),
    arrivedAt:
      record.kinesisRecordMetadata?.approximateArrivalTimestamp ?? record.approximateArrivalTimestamp,
  };
}

/** Without data: Firehose stores the record as it came, and an echo would only fill the answer. */
function failed(recordId: string): FirehoseTransformationResultRecord {
  return { recordId, result: 'ProcessingFailed' };
}

function minimalAnswerBytes(recordId: string): number {
  return Buffer.byteLength(recordId) + answerOverheadBytes;
}
