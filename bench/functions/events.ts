import { seededRandom } from '../../domain/numbers/random';
import { busyClicks } from './clicks';

const startsAt = Date.UTC(2026, 0, 1, 12);
/** Between a click and its arrival, at the most. */
const delayMs = 10_000;
const shardId = 'shardId-000000000003';

/** As long as those of Kinesis. */
export function sequenceNumberOf(index: number): string {
  return String(49590338271490256608559692538361571095921575989136588898n + BigInt(index));
}

export interface AggregatorShape {
  /** A shard for each shape, since a function remembers what it has counted of a shard. */
  readonly shard: string;
  readonly events: number;
  /** 1, or how many stand in a record as newline-separated JSON. */
  readonly eventsPerRecord: number;
}

/** Batches of one shard that follow each other, five seconds each, as an event source mapping sends them: JSON in UTF-8. */
export function* aggregatorEvents(shape: AggregatorShape): Generator<Buffer, never> {
  const { shard, events, eventsPerRecord } = shape;
  const random = seededRandom('aggregator');
  let now = startsAt;
  let index = 0;
  const clicks = busyClicks(random, () => now - random.below(delayMs));
  for (;;) {
    const Records: object[] = [];
    for (let left = events; left > 0; left -= eventsPerRecord) {
      const lines = Array.from({ length: Math.min(left, eventsPerRecord) }, () => clicks.next().value);
      now += (5_000 * eventsPerRecord) / events;
      const sequenceNumber = sequenceNumberOf(index++);
      Records.push({
        kinesis: {
          kinesisSchemaVersion: '1.0',
          partitionKey: '6fb0a1c2d3e4f506',
          sequenceNumber,
          data: Buffer.from(lines.join('\n')).toString('base64'),
          approximateArrivalTimestamp: Math.floor(now) / 1_000,
        },
        eventSource: 'aws:kinesis',
        eventVersion: '1.0',
        eventID: `${shard}:${sequenceNumber}`,
        eventName: 'aws:kinesis:record',
        invokeIdentityArn: 'arn:aws:iam::123456789012:role/clickstream-prod-aggregation-AggregatorRole',
        awsRegion: 'us-east-1',
        eventSourceARN: 'arn:aws:kinesis:us-east-1:123456789012:stream/clicks',
      });
    }
    yield Buffer.from(JSON.stringify({ Records }));
  }
}

/** A record of a batch, as its producer put it. */
export interface SentRecord {
  readonly text: string;
  /** `cut` is no JSON; `nameless` is JSON, but no event. */
  readonly is: 'click' | 'cut' | 'nameless';
}

export interface TransformerEvent {
  readonly sent: readonly SentRecord[];
  /** JSON in UTF-8. */
  readonly body: Buffer;
}

/** One record in so many is malformed. */
const malformedEvery = 100;

/** Batches as Firehose hands them over, no click twice, each of at most so many bytes. */
export function* transformerEvents(maxBytes: number): Generator<TransformerEvent, never> {
  const random = seededRandom('transformer');
  const clicks = busyClicks(random, () => startsAt - random.below(delayMs));
  for (let index = 0; ; ) {
    const sent: SentRecord[] = [];
    const records: string[] = [];
    for (let bytes = 400; ; index++) {
      const record = sentRecord(clicks.next().value, index, 1 + random.below(200));
      const text = JSON.stringify(firehoseRecord(record.text, index));
      bytes += text.length + 1;
      if (bytes > maxBytes) break;
      sent.push(record);
      records.push(text);
    }
    const head = JSON.stringify({
      invocationId: 'b0a1b57e-6f2a-4d5b-9a38-0c5a7d1be1a4',
      sourceKinesisStreamArn: 'arn:aws:kinesis:eu-central-1:123456789012:stream/clicks',
      deliveryStreamArn: 'arn:aws:firehose:eu-central-1:123456789012:deliverystream/archive',
      region: 'eu-central-1',
    });
    yield { sent, body: Buffer.from(`${head.slice(0, -1)},"records":[${records.join(',')}]}`) };
  }
}

function sentRecord(text: string, index: number, cutBytes: number): SentRecord {
  if (index % malformedEvery !== malformedEvery - 1) return { text, is: 'click' };
  if (index % (2 * malformedEvery) < malformedEvery) return { text: text.slice(0, -cutBytes), is: 'cut' };
  return { text: JSON.stringify({ ...JSON.parse(text), eventId: undefined }), is: 'nameless' };
}

/** Identifiers of the length that real ones have. */
function firehoseRecord(text: string, index: number): object {
  const sequenceNumber = sequenceNumberOf(index);
  return {
    recordId: `${shardId}${sequenceNumber.padStart(120, '0')}000000000000`,
    approximateArrivalTimestamp: startsAt + index,
    data: Buffer.from(text).toString('base64'),
    kinesisRecordMetadata: {
      ...{ sequenceNumber, subsequenceNumber: 0, partitionKey: '6fb0a1c2d3e4f506', shardId },
      approximateArrivalTimestamp: startsAt + index,
    },
  };
}
