import type { ClickEvent } from '../../domain/event/click-event';
import { seededRandom } from '../../domain/numbers/random';
import { busyClicks } from '../busy-clicks';
import { popularPages } from '../popular-pages';

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

/** Where the clicks of a batch come from. */
export interface Site {
  /** Visited as 1/rank; most referrers are pages of the site's own. */
  readonly pages: number;
  /** Whether user agents and referrers come again, as they do on a site; or none that was there before. */
  readonly texts: 'come again' | 'all new';
}

/** Clicks of 350 to 600 bytes, with fields that the pipeline does not know, and one in a hundred malformed. */
function* sentRecords({ pages, texts }: Site): Generator<SentRecord, never> {
  const random = seededRandom('transformer');
  const clicks = busyClicks(random, () => arrivedAt - random.below(60_000), popularPages(pages));
  for (let count = 1; ; count++) {
    const { click, text: came } = clicks.next().value;
    const sent = texts === 'come again' ? click : withNewTexts(click, count);
    const text = sent === click ? came : JSON.stringify(sent);
    if (count % malformedEvery !== 0) yield { text, is: 'click' };
    else if (count % (2 * malformedEvery) !== 0)
      yield { text: text.slice(0, -1 - random.below(200)), is: 'cut' };
    else yield { text: JSON.stringify({ ...sent, eventId: undefined }), is: 'nameless' };
  }
}

/** As long as they were, but for a few bytes. */
function withNewTexts(click: ClickEvent, count: number): ClickEvent {
  const { userAgent, referrer } = click;
  return {
    ...click,
    ...(userAgent !== undefined && { userAgent: userAgent.replace(/\d+(?=\D*$)/, String(count)) }),
    ...(referrer !== undefined && { referrer: referrer.replace(/\d*$/, String(count)) }),
  };
}

/**
 * Batches as Firehose hands them over, no click twice.
 *
 * @param maxBytes of each event's JSON
 */
export function* batches(maxBytes: number, site: Site): Generator<Batch, never> {
  const sent = sentRecords(site);
  let index = 0;
  let next = sent.next().value;
  for (;;) {
    const records: SentRecord[] = [];
    const entries: string[] = [];
    let bytes = Buffer.byteLength(bodyOf([]));
    for (;;) {
      const entry = JSON.stringify(entryOf(next.text, index));
      bytes += entry.length + 1;
      if (bytes > maxBytes) break;
      records.push(next);
      entries.push(entry);
      next = sent.next().value;
      index++;
    }
    yield { records, body: Buffer.from(bodyOf(entries)) };
  }
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
