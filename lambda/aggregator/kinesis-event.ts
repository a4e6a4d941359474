import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import type { ShardRecord } from '../../domain/event/shard-lines';

/** The records of one invocation; an event source mapping takes them all from one shard. */
export interface ShardBatch {
  /** `stream/shardId`. */
  readonly shard: string;
  readonly records: readonly ShardRecord[];
}

/**
 * @param allocate gives memory of at least so many bytes for the data of the records, which stands there as long as
 * nobody writes over it
 * @throws Error for an event without records, or with records of several shards: no Kinesis mapping sends that
 */
export function readKinesisEvent(
  { Records }: KinesisStreamEvent,
  allocate: (bytes: number) => Buffer = Buffer.allocUnsafeSlow,
): ShardBatch {
  const shard = shardOfAll(Records);
  // Decoded into one piece of memory: a piece for each record would take longer than its base64.
  const memory = allocate(Records.reduce((bytes, { kinesis }) => bytes + mostBytes(kinesis.data), 0));
  let end = 0;
  const records = Records.map(({ kinesis }) => {
    const start = end;
    end += memory.write(kinesis.data, start, 'base64');
    return {
      sequenceNumber: kinesis.sequenceNumber,
      data: memory.subarray(start, end),
      // Seconds with a fraction here, but whole milliseconds everywhere else; both paths must decide alike.
      arrivedAt: Math.round(kinesis.approximateArrivalTimestamp * 1000),
    };
  });
  return { shard, records };
}

/** Bytes that a text in base64 may stand for: three by four characters, the last of which may be missing. */
function mostBytes(base64: string): number {
  return Math.ceil(base64.length / 4) * 3;
}

function shardOfAll(records: readonly KinesisStreamRecord[]): string {
  const shards = new Set<string>();
  let source: string | undefined;
  let idsBegin = '';
  for (const { eventSourceARN, eventID } of records) {
    // Mostly all are alike, and need not be taken apart.
    if (eventSourceARN === source && eventID.startsWith(idsBegin)) continue;
    source = eventSourceARN;
    idsBegin = `${shardIdOf(eventID)}:`;
    shards.add(shardOf(eventSourceARN, eventID));
  }
  const [shard, ...others] = shards;
  if (shard === undefined || others.length > 0) {
    throw new Error(`Kinesis event with records of ${shards.size} shards: must be of exactly one`);
  }
  return shard;
}

/** From `arn:…:stream/NAME` (or the ARN of a consumer, `arn:…:stream/NAME/consumer/…`) and `shardId-…:sequence`. */
function shardOf(eventSourceArn: string, eventId: string): string {
  const stream = eventSourceArn.split(':stream/')[1]?.split('/')[0];
  const shardId = shardIdOf(eventId);
  if (!stream || !shardId)
    throw new Error(`Kinesis record of source "${eventSourceArn}", id "${eventId}": no stream, or no shard`);
  return `${stream}/${shardId}`;
}

function shardIdOf(eventId: string): string | undefined {
  return eventId.split(':')[0];
}
