import { isObject, parseObject } from '../../../domain/json/json-object';
import type { Clock } from '../../clock';
import type { OpenSearchSpec } from '../../deployment';
import { again, type Delivery, type Destination, type Fate, type OutgoingRecord } from './destination';
import { type Exchange, errorCode, type HttpAnswer } from './exchange';
import { within } from './time-limit';

export interface OpenSearchContext {
  readonly endpoint: URL;
  readonly exchange: Exchange;
  readonly clock: Clock;
}

/** Neither is published. */
const answerWithinMs = 60_000;
const maxAnswerBytes = 64 * 1024 * 1024;

/**
 * OpenSearch's bulk API: an `index` action and a document for each record, and an answer for each of them. OpenSearch docs:
 * "Bulk", https://docs.opensearch.org/latest/api-reference/document-apis/bulk/; the names of indexes are Firehose's (AWS
 * docs: "Configure index rotation for OpenSearch Service"). What is refused is repeated, and nothing but that; whether
 * Firehose repeats what can never be taken, such as a field of another type, is not published. Requests are not signed here.
 */
export function createOpenSearch(spec: OpenSearchSpec, context: OpenSearchContext): Destination {
  const { endpoint, exchange, clock } = context;
  const url = new URL('/_bulk', endpoint);
  const headers = { 'content-type': 'application/x-ndjson' };
  const indexOf = ({ record }: OutgoingRecord): string =>
    `${spec.index}${suffixes[spec.rotation](new Date(record.arrivedAt).toISOString())}`;

  const bulk = ({ records }: Delivery): Buffer => {
    const parts = records.flatMap((record) => [
      Buffer.from(
        `${JSON.stringify({
          index: {
            _index: indexOf(record),
            ...(spec.hasDocumentIds && { _id: documentIdOf(record) }),
          },
        })}\n`,
      ),
      record.bytes,
      Buffer.from('\n'),
    ]);
    return Buffer.concat(parts);
  };

  return {
    errorOutputType: 'AmazonOpenSearchService-failed',
    maxRecords: Number.POSITIVE_INFINITY,
    attempt: async (delivery, signal) => {
      const body = bulk(delivery);
      return within(answerWithinMs, clock, signal, (limited) =>
        exchange({ url, headers, body, maxAnswerBytes }, limited),
      ).then(
        (answer) => fatesBy(answer, delivery.records),
        (error: unknown) => delivery.records.map(() => unreached(error)),
      );
    },
    errorDocument: (record, { rawData, ...common }) => ({
      ...common,
      esDocumentId: documentIdOf(record),
      esIndexName: indexOf(record),
      esTypeName: '',
      rawData,
    }),
  };
}

/** The same however often it is delivered, also after a restart. AWS says the same of its ids, and not how they look. */
function documentIdOf({ record }: OutgoingRecord): string {
  return record.recordId;
}

/** By the arrival in UTC: `2016-02-25T13:00:00Z` is `-2016-02-25-13` of an hour. */
const suffixes: Readonly<Record<OpenSearchSpec['rotation'], (instant: string) => string>> = {
  NoRotation: () => '',
  OneHour: (instant) => `-${instant.slice(0, 10)}-${instant.slice(11, 13)}`,
  OneDay: (instant) => `-${instant.slice(0, 10)}`,
  OneMonth: (instant) => `-${instant.slice(0, 7)}`,
};

/** An answer for each document, in their order; of anything else, none is delivered. */
function fatesBy({ status, body }: HttpAnswer, records: readonly OutgoingRecord[]): readonly Fate[] {
  const { items } = (status === 200 && parseObject(body.toString('utf8'))) || {};
  if (!Array.isArray(items) || items.length !== records.length) {
    const message = body.toString('utf8').slice(0, 8192);
    return records.map(() => refused(String(status), message));
  }
  return items.map((item: unknown) => {
    const result = isObject(item) && isObject(item.index) ? item.index : {};
    if (result.status === 200 || result.status === 201) return 'delivered';
    return refused(String(result.status), JSON.stringify(result.error ?? result));
  });
}

const refused = (code: string, message: string): Fate => again({ code, message });

function unreached(error: unknown): Fate {
  const code = errorCode(error) ?? String(error);
  return refused('ConnectionFailed', `The domain cannot be reached, or does not answer: ${code}.`);
}
