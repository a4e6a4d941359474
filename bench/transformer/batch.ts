import { createClickGenerator } from '../../domain/click-generator';
import { defaultSite } from '../../domain/default-site';
import { seededRandom } from '../../domain/random';
import type { SiteModel } from '../../domain/site-model';

/** A record of a batch, as its producer put it. */
export interface SentRecord {
  readonly text: string;
  /** `cut` is no JSON; `nameless` is JSON, but no event. */
  readonly is: 'click' | 'cut' | 'nameless';
}

export interface Batch {
  readonly records: readonly SentRecord[];
  /** The invocation's event as JSON in UTF-8. */
  readonly body: Buffer;
}

const arrivedAt = Date.UTC(2026, 0, 1, 12);
/** One record in so many is malformed. */
const malformedEvery = 100;
const variantsOfDevice = 100;

/** The default site with many visitors at once and a thousand user agents, since versions differ; the first are common. */
function busySite(): SiteModel {
  const devices = defaultSite.devices.flatMap((device) =>
    Array.from({ length: variantsOfDevice }, (_, index) => ({
      ...device,
      userAgent: device.userAgent.replace(/\d+(?=\D*$)/, String(index + 1)),
      weight: device.weight / (index + 1),
    })),
  );
  return { ...defaultSite, devices, sessions: { ...defaultSite.sessions, atOnce: 2000 } };
}

/** Clicks of 350 to 600 bytes, with fields that the pipeline does not know, and one in a hundred malformed. */
function* sentRecords(): Generator<SentRecord, never> {
  const random = seededRandom('transformer');
  const generator = createClickGenerator(random, busySite());
  for (let count = 1; ; ) {
    const click = {
      ...generator.next(arrivedAt - random.below(60_000)),
      language: random.pick(['en-GB', 'de', 'pt-BR']),
      viewport: { width: 320 + random.below(2000), height: 480 + random.below(1200) },
      loadMs: random.below(400_000) / 100,
      scrolled: random.pick([0, 0.25, 0.5, 1]),
    };
    const text = JSON.stringify(click);
    if (text.length < 350 || text.length > 600) continue;
    if (count % malformedEvery !== 0) yield { text, is: 'click' };
    else if (count % (2 * malformedEvery) !== 0) yield { text: text.slice(0, -random.below(200)), is: 'cut' };
    else yield { text: JSON.stringify({ ...click, eventId: undefined }), is: 'nameless' };
    count++;
  }
}

/**
 * A batch as Firehose hands it over.
 *
 * @param maxBytes of the event's JSON
 */
export function createBatch(maxBytes: number): Batch {
  const records: SentRecord[] = [];
  const entries: string[] = [];
  let bytes = Buffer.byteLength(bodyOf([]));
  for (const record of sentRecords()) {
    const entry = JSON.stringify(entryOf(record.text, records.length));
    bytes += entry.length + 1;
    if (bytes > maxBytes) break;
    records.push(record);
    entries.push(entry);
  }
  return { records, body: Buffer.from(bodyOf(entries)) };
}

function bodyOf(entries: readonly string[]): string {
  const head = JSON.stringify({
    invocationId: 'b0a1b57e-6f2a-4d5b-9a38-0c5a7d1be1a4',
    sourceKinesisStreamArn: 'arn:aws:kinesis:eu-central-1:123456789012:stream/clicks',
    deliveryStreamArn: 'arn:aws:firehose:eu-central-1:123456789012:deliverystream/archive',
    region: 'eu-central-1',
  });
  return `${head.slice(0, -1)},"records":[${entries.join(',')}]}`;
}

/** Identifiers of the length that real ones have. */
function entryOf(text: string, index: number): object {
  const sequenceNumber = `4959033827149025660855969253836157109592157${String(index).padStart(13, '0')}`;
  const shardId = 'shardId-000000000003';
  return {
    recordId: `${shardId}${sequenceNumber.padStart(120, '0')}000000000000`,
    approximateArrivalTimestamp: arrivedAt + index,
    data: Buffer.from(text).toString('base64'),
    kinesisRecordMetadata: {
      sequenceNumber,
      subsequenceNumber: 0,
      partitionKey: text.slice(100, 116),
      shardId,
      approximateArrivalTimestamp: arrivedAt + index,
    },
  };
}
