import type { FirehoseTransformationEventRecord, FirehoseTransformationResultRecord } from 'aws-lambda';
import { archiveLine } from '../../domain/archive/archive-line';
import { readRecord } from '../../domain/event/record';
import { AnswerRoom, base64Length } from '../transformer/answer-room';
import { firstPlaceIn } from '../transformer/place-in-record';
import type { EventForm } from './contract';

/** What became of the records of one invocation. */
export interface Forwarding {
  readonly answers: readonly FirehoseTransformationResultRecord[];
  /** Events in the answers. */
  readonly forwarded: number;
  /** Lines that are no events: the archive alone has them. */
  readonly linesLeftOut: number;
  /** Records with more events than a document has. */
  readonly recordsWithSeveralEvents: number;
  readonly recordsWithoutRoom: number;
}

/**
 * Answers every record of a Firehose invocation exactly once, in order, with its events as the archive has them, each with
 * its place in the stream. What is no event stays in the archive: a record without any is dropped. A record that cannot be
 * said in the destination's form, or for which the answer has no room, fails, and Firehose keeps it as it came.
 */
export function forward(records: readonly FirehoseTransformationEventRecord[], form: EventForm): Forwarding {
  const answers: FirehoseTransformationResultRecord[] = [];
  const room = new AnswerRoom(records);
  let [forwarded, linesLeftOut, recordsWithSeveralEvents, recordsWithoutRoom] = [0, 0, 0, 0];

  for (const record of records) {
    const { recordId } = record;
    const events = eventsIn(record);
    linesLeftOut += events.linesLeftOut;
    const data = inForm(events.lines, form);
    if (events.lines.length === 0) {
      answers.push({ recordId, result: 'Dropped' });
    } else if (data === undefined) {
      recordsWithSeveralEvents++;
      answers.push({ recordId, result: 'ProcessingFailed' });
    } else if (!room.take(base64Length(data.length))) {
      recordsWithoutRoom++;
      answers.push({ recordId, result: 'ProcessingFailed' });
    } else {
      forwarded += events.lines.length;
      answers.push({ recordId, result: 'Ok', data: data.toString('base64') });
    }
  }
  return { answers, forwarded, linesLeftOut, recordsWithSeveralEvents, recordsWithoutRoom };
}

/** The archive lines of a record's events. */
function eventsIn(record: FirehoseTransformationEventRecord): {
  readonly lines: readonly Buffer[];
  readonly linesLeftOut: number;
} {
  const first = firstPlaceIn(record);
  const lines: Buffer[] = [];
  const readings = readRecord(Buffer.from(record.data, 'base64'), first.arrivedAt);
  for (const [index, reading] of readings.entries()) {
    if (!reading.ok) continue;
    lines.push(archiveLine(reading, { ...first, subSequenceNumber: first.subSequenceNumber + index }));
  }
  return { lines, linesLeftOut: readings.length - lines.length };
}

function inForm(lines: readonly Buffer[], form: EventForm): Buffer | undefined {
  if (form === 'lines') return Buffer.concat(lines);
  const [only, ...others] = lines;
  // Without its line feed, which the destination's protocol adds.
  return only !== undefined && others.length === 0 ? only.subarray(0, -1) : undefined;
}
