import { archiveLine } from '../../domain/archive/archive-line';
import { readArchivedLine } from '../../domain/archive/archived-line';
import { readErrorDocument } from '../../domain/archive/error-object';
import { linesIn } from '../../domain/archive/lines-in';
import { type RejectionReason, readEvent } from '../../domain/event/record';
import type { Erasure } from './erased-event';
import { type Erased, erasedLine, erasedRecord, isOf, keyFor } from './erased-record';

const lineFeed = Buffer.from('\n');

/** An object of the archive: each of its lines keeps its place. */
export function erasedArchiveObject(body: Buffer, erasure: Erasure): Erased {
  return eachLine(body, (bytes) => {
    const line = readArchivedLine(bytes);
    const reading = line?.read();
    if (!line || !reading || !isOf(reading, erasure)) return undefined;
    const { arrivedAt } = line.place;
    const erased = erasedLine(reading, arrivedAt, erasure);
    if (!erased) return 'left';
    // What was rejected when it arrived stays so for readers of the archive, whatever the parser makes of it today.
    if (line.rejected !== undefined) {
      return archiveLine({ ok: false, reason: line.rejected as RejectionReason, bytes: erased }, line.place);
    }
    return reading.ok ? archiveLine(readEvent(erased, arrivedAt), line.place) : 'left';
  });
}

/**
 * An object of records that the delivery stream could not deliver, with the latest arrival of a record in it that has
 * lines of the visitor, in epoch milliseconds.
 */
export function erasedErrorObject(body: Buffer, erasure: Erasure): Erased & { readonly newestAt: number } {
  let [lines, left, newestAt] = [0, 0, 0];
  const rewritten = eachLine(body, (bytes) => {
    const document = readErrorDocument(bytes.toString());
    if (!document.ok) return undefined;
    const record = erasedRecord(document.data, document.arrivedAt, erasure);
    lines += record.lines;
    left += record.left;
    if (record.lines === 0) return undefined;
    newestAt = Math.max(newestAt, document.arrivedAt);
    const members = JSON.parse(bytes.toString()) as object;
    return Buffer.from(`${JSON.stringify({ ...members, rawData: record.bytes.toString('base64') })}\n`);
  });
  return { bytes: rewritten.bytes, lines, left, newestAt };
}

/** An object of what the destination did not take. */
export function erasedUndeliveredObject(body: Buffer, erasure: Erasure): Erased {
  let [lines, left] = [0, 0];
  const rewritten = eachLine(body, (bytes) => {
    const document = readErrorDocument(bytes.toString());
    if (!document.ok) return undefined;
    const { data, arrivedAt, functionArn } = document;
    // What the function failed at is there as it came; what was sent, as lines of the archive.
    const record =
      functionArn === undefined ? erasedArchiveObject(data, erasure) : erasedRecord(data, arrivedAt, erasure);
    lines += record.lines;
    left += record.left;
    if (record.lines === 0) return undefined;
    const members = JSON.parse(bytes.toString()) as object;
    return Buffer.from(`${JSON.stringify({ ...members, rawData: record.bytes.toString('base64') })}\n`);
  });
  return { bytes: rewritten.bytes, lines, left };
}

/** A batch that the aggregator gave up. Undefined if it cannot be read. */
export function erasedOnFailureObject(body: Buffer, erasure: Erasure): Erased | undefined {
  let [lines, left] = [0, 0];
  try {
    const document = JSON.parse(body.toString()) as { readonly payload: unknown };
    const isText = typeof document.payload === 'string';
    const payload = (isText ? JSON.parse(document.payload as string) : document.payload) as KinesisPayload;
    const Records = payload.Records.map((record) => {
      const { data, approximateArrivalTimestamp, partitionKey } = record.kinesis;
      const arrivedAt = Math.round(approximateArrivalTimestamp * 1_000);
      const erased = erasedRecord(Buffer.from(data, 'base64'), arrivedAt, erasure);
      lines += erased.lines;
      left += erased.left;
      const kinesis = {
        ...record.kinesis,
        partitionKey: keyFor(partitionKey, erasure),
        data: erased.bytes.toString('base64'),
      };
      return { ...record, kinesis };
    });
    if (lines === 0) return { bytes: body, lines, left };
    const rewritten = { ...payload, Records };
    const whole = { ...document, payload: isText ? JSON.stringify(rewritten) : rewritten };
    return { bytes: Buffer.from(JSON.stringify(whole)), lines, left };
  } catch (error) {
    // The JSON of something else.
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

interface KinesisPayload {
  readonly Records: readonly {
    readonly kinesis: {
      readonly data: string;
      readonly partitionKey: string;
      /** Epoch seconds. */
      readonly approximateArrivalTimestamp: number;
    };
  }[];
}

/** @param erase the line in its place, with its line feed; undefined for one that stays as it is */
function eachLine(body: Buffer, erase: (line: Buffer) => Buffer | 'left' | undefined): Erased {
  const parts: Buffer[] = [];
  let [lines, left] = [0, 0];
  for (const line of linesIn(body)) {
    const erased = erase(line);
    if (erased === 'left') left++;
    if (erased instanceof Buffer) {
      lines++;
      parts.push(erased);
    } else parts.push(line, lineFeed);
  }
  return { bytes: lines === 0 ? body : Buffer.concat(parts), lines, left };
}
