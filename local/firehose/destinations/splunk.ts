import { isObject, type JsonObject, numberIn, parseObject } from '../../../domain/json/json-object';
import type { Clock } from '../../clock';
import type { SplunkSpec } from '../../deployment';
import { again, type Delivery, type Destination, type Fate, type Refusal } from './destination';
import { type Exchange, errorCode, type HttpAnswer } from './exchange';
import { TimedOut, within } from './time-limit';

export interface SplunkContext {
  /** `https://host:port`. */
  readonly endpoint: URL;
  readonly token: string;
  readonly exchange: Exchange;
  readonly clock: Clock;
  readonly uuid: () => string;
}

const maxAnswerBytes = 1024 * 1024;

/** How often Firehose asks for an acknowledgement is not published. */
const pollMs = 1_000;

/**
 * Splunk's HTTP Event Collector, with indexer acknowledgement on a channel of ours. Splunk docs: "HTTP Event Collector REST
 * API endpoints" (services/collector/raw, /event and /ack), https://docs.splunk.com/Documentation/Splunk/latest/RESTREF/RESTinput,
 * and "About HTTP Event Collector Indexer Acknowledgment", https://docs.splunk.com/Documentation/Splunk/8.2.5/Data/AboutHECIDXAck.
 * Error codes are Firehose's: AWS docs, "Monitor Amazon Data Firehose using CloudWatch Logs", Splunk data delivery errors.
 */
export function createSplunk(spec: SplunkSpec, context: SplunkContext): Destination {
  const { endpoint, token, exchange, clock, uuid } = context;
  const channel = uuid();
  const headers = {
    authorization: `Splunk ${token}`,
    'content-type': 'application/json',
    'x-splunk-request-channel': channel,
  };
  const post = (path: string, body: Buffer, signal: AbortSignal) =>
    exchange({ url: new URL(path, endpoint), headers, body, maxAnswerBytes }, signal);

  const deliver = async ({ records }: Delivery, signal: AbortSignal): Promise<Fate> => {
    const answer = await post(paths[spec.endpoint], Buffer.concat(records.map(({ bytes }) => bytes)), signal);
    const body = parsed(answer);
    if (answer.status !== 200) return again(refusalBy(answer, body));
    const ackId = numberIn(body, 'ackId');
    if (ackId === undefined) return again(acknowledgementIsOff);
    const question = Buffer.from(JSON.stringify({ acks: [ackId] }));
    while (!signal.aborted) {
      const told = await post('/services/collector/ack', question, signal);
      const { acks } = parsed(told);
      if (told.status !== 200 || !isObject(acks)) return again(refusalBy(told, parsed(told)));
      if (acks[String(ackId)] === true) return 'delivered';
      await clock.sleep(pollMs, signal);
    }
    throw new TimedOut('no acknowledgement');
  };

  return {
    errorOutputType: 'splunk-failed',
    maxRecords: Number.POSITIVE_INFINITY,
    attempt: async (delivery, signal) => {
      const limitMs = spec.acknowledgementSeconds * 1000;
      const fate = await within(limitMs, clock, signal, (limited) => deliver(delivery, limited)).catch(
        (error: unknown) => again(unanswered(error)),
      );
      return delivery.records.map(() => fate);
    },
    errorDocument: ({ record }, common) => ({
      ...common,
      EventId: `${record.sequenceNumber}.${record.subsequenceNumber}`,
    }),
  };
}

const paths = { raw: '/services/collector/raw', event: '/services/collector/event' } as const;

const acknowledgementIsOff: Refusal = {
  code: 'Splunk.DisabledAck',
  message: 'Indexer acknowledgement is disabled for the HEC token.',
};

/** HEC's status codes (Splunk docs: Troubleshoot HTTP Event Collector). */
const refusals: Readonly<Record<number, Refusal>> = {
  1: { code: 'Splunk.DisabledToken', message: 'The HEC token is disabled.' },
  3: { code: 'Splunk.InvalidToken', message: 'The HEC token is invalid.' },
  4: { code: 'Splunk.InvalidToken', message: 'The HEC token is invalid.' },
  5: { code: 'Splunk.InvalidDataFormat', message: 'There is no data.' },
  6: { code: 'Splunk.InvalidDataFormat', message: 'The data is not formatted correctly.' },
  7: { code: 'Splunk.InvalidIndex', message: 'The HEC token or input names an invalid index.' },
  14: acknowledgementIsOff,
};

function refusalBy({ status }: HttpAnswer, body: JsonObject): Refusal {
  const refusal = refusals[numberIn(body, 'code') ?? -1];
  return refusal ?? { code: 'Splunk.ServerError', message: `The HEC node answered with status ${status}.` };
}

function parsed({ body }: HttpAnswer): JsonObject {
  return parseObject(body.toString('utf8')) ?? {};
}

function unanswered(error: unknown): Refusal {
  if (error instanceof TimedOut) {
    return {
      code: 'Splunk.AckTimeout',
      message: 'No acknowledgement came in time. The data may have been indexed nevertheless.',
    };
  }
  const code = errorCode(error) ?? 'unknown';
  return {
    code: code === 'ECONNRESET' ? 'Splunk.ConnectionClosed' : 'Splunk.InvalidEndpoint',
    message: `The HEC endpoint cannot be reached, or does not answer: ${code}.`,
  };
}
