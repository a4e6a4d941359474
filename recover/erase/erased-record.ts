import { aggregate, deaggregate } from '../../domain/event/kpl';
import { type Reading, readRecord } from '../../domain/event/record';
import { type Erasure, erasedEvent, erasedRejection } from './erased-event';
import { mentions } from './mentions';

/** What became of the lines of a record or an object. */
export interface Erased {
  readonly bytes: Buffer;
  /** Lines that were erased. */
  readonly lines: number;
  /** Lines of the visitor that stay, since they would count otherwise. */
  readonly left: number;
}

/** Whether a line is the visitor's: an event of theirs, or a line that is no event and names them. */
export function isOf(reading: Reading, { visitorId }: Erasure): boolean {
  return reading.ok
    ? reading.field('visitorId') === visitorId
    : mentions(reading.bytes.toString(), visitorId);
}

/** A line in its place: it counts as the line did. Undefined if there is none. */
export function erasedLine(reading: Reading, arrivedAt: number, erasure: Erasure): Buffer | undefined {
  return reading.ok ? erasedEvent(reading, arrivedAt, erasure) : erasedRejection(reading, arrivedAt, erasure);
}

/** A record of the stream, an aggregate of the Kinesis Producer Library or one of lines, without the visitor's. */
export function erasedRecord(data: Buffer, arrivedAt: number, erasure: Erasure): Erased {
  const inner = deaggregate(data);
  if (!inner || inner.length === 0) return erasedLines(data, arrivedAt, erasure);
  let [lines, left] = [0, 0];
  const records = inner.map((record) => {
    const erased = erasedRecord(Buffer.from(record.data), arrivedAt, erasure);
    lines += erased.lines;
    left += erased.left;
    const { explicitHashKey } = record;
    return {
      data: erased.bytes,
      partitionKey: keyFor(record.partitionKey, erasure),
      ...(explicitHashKey === undefined ? {} : { explicitHashKey }),
    };
  });
  return { bytes: lines === 0 ? data : aggregate(records), lines, left };
}

/** A partition key, which is the visitor's id where events are put as they are meant to be. */
export function keyFor(partitionKey: string, { visitorId, pseudonym }: Erasure): string {
  return partitionKey === visitorId ? pseudonym : partitionKey;
}

/** Lines keep their number and their order, and so their places. */
function erasedLines(data: Buffer, arrivedAt: number, erasure: Erasure): Erased {
  const parts: Buffer[] = [];
  let [at, lines, left] = [0, 0, 0];
  for (const reading of readRecord(data, arrivedAt)) {
    if (!isOf(reading, erasure)) continue;
    const erased = erasedLine(reading, arrivedAt, erasure);
    if (!erased) {
      left++;
      continue;
    }
    lines++;
    const start = reading.bytes.byteOffset - data.byteOffset;
    parts.push(data.subarray(at, start), erased);
    at = start + reading.bytes.length;
  }
  return { bytes: lines === 0 ? data : Buffer.concat([...parts, data.subarray(at)]), lines, left };
}
