import { createHash } from 'node:crypto';
import type { ShardRecord } from '../../domain/event/shard-lines';
import { createRealtimeReader } from '../../formats/cloudfront';
import { createLineReader } from '../../formats/input-format';
import type { LinePlace, LineReader } from '../../formats/line-reader';
import type { OutgoingEvent } from '../../producer/client/outgoing-event';
import { type LogFormat, realtimeLogFields } from './contract';
import { isPacked, readLogEvents } from './log-events';

/** What a record of the source stream becomes. */
export interface AdaptedRecord {
  /** In the record's order: an event for each line, and the bytes of what is none. */
  readonly outgoing: readonly OutgoingEvent[];
  readonly lines: number;
  /** Of the lines, those that are no events. A record that cannot be read is one. */
  readonly badLines: number;
}

/** Makes of a record what the stream of clicks is to hold. The same record always becomes the same. */
export type RecordAdapter = (shard: string, record: ShardRecord) => AdaptedRecord;

interface SourceLine {
  readonly bytes: Buffer;
  /** What its id is made of, with its bytes. */
  readonly place: LinePlace;
}

const lineFeed = 0x0a;
const requestIdColumn = realtimeLogFields.indexOf('x-edge-request-id');
/** Kinesis takes a record of 1 MiB with its key (AWS docs: PutRecordsRequestEntry). */
const maxLineBytes = 1_000_000;

/** @param format of the lines that come from CloudWatch Logs; CloudFront's are known */
export function createRecordAdapter(format: LogFormat): RecordAdapter {
  const readers = {
    cloudFront: createRealtimeReader(realtimeLogFields),
    cloudWatch: createLineReader({ format, partitionKey: undefined }),
  };
  return (shard, { sequenceNumber, data }) => {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    if (!isPacked(bytes))
      return adapted(cloudFrontLines(bytes, `${shard}:${sequenceNumber}`), readers.cloudFront);
    const lines = cloudWatchLines(bytes);
    // As it is, for whoever looks into it later: it fits into a record, as it came in one.
    return lines ? adapted(lines, readers.cloudWatch) : { outgoing: [asItIs(bytes)], lines: 1, badLines: 1 };
  };
}

function adapted(lines: Iterable<SourceLine>, read: LineReader): AdaptedRecord {
  const outgoing: OutgoingEvent[] = [];
  let badLines = 0;
  for (const { bytes, place } of lines) {
    const reading = read(bytes, place);
    if (!reading?.ok) badLines++;
    outgoing.push(reading?.ok ? reading.outgoing(reading.at) : asItIs(bytes));
  }
  return { outgoing, lines: outgoing.length, badLines };
}

/**
 * A record has one line (AWS docs: Use real-time logs); several are read as well. The request's id names the line, so that a
 * copy that CloudFront puts is known for one, too; without one, the line is named by where it stands.
 */
function* cloudFrontLines(data: Buffer, record: string): Generator<SourceLine> {
  let number = 0;
  for (let start = 0; start < data.length; ) {
    const feed = data.indexOf(lineFeed, start);
    const end = feed < 0 ? data.length : feed;
    const bytes = data.subarray(start, end);
    start = end + 1;
    number++;
    if (isBlank(bytes)) continue;
    const requestId = bytes.toString('latin1').split('\t')[requestIdColumn];
    const isNamed = requestId !== undefined && requestId !== '' && requestId !== '-';
    const place = isNamed ? { file: `cloudfront:${requestId}`, line: 1 } : { file: record, line: number };
    yield { bytes, place };
  }
}

/** Undefined for what cannot be read, or could not be put line by line. */
function cloudWatchLines(data: Buffer): readonly SourceLine[] | undefined {
  const events = readLogEvents(data);
  const lines = events?.map(({ id, message }) => ({
    bytes: Buffer.from(message.replace(/[\r\n]+$/, '')),
    place: { file: `cloudwatch:${id}`, line: 1 },
  }));
  if (lines?.some(({ bytes }) => bytes.length > maxLineBytes)) return undefined;
  return lines?.filter(({ bytes }) => !isBlank(bytes));
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === lineFeed);
}

/** Under a short key, which leaves room for a record as large as they may be. */
function asItIs(data: Buffer): OutgoingEvent {
  return { data, partitionKey: createHash('sha256').update(data).digest('hex').slice(0, 8) };
}
