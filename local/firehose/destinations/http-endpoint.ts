import { parseObject } from '../../../domain/json/json-object';
import type { Clock } from '../../clock';
import type { HttpEndpointSpec } from '../../deployment';
import type { Compress } from '../object-buffer';
import { base64 } from '../processor-event';
import { again, type Delivery, type Destination, type Fate, type Refusal } from './destination';
import { type Exchange, errorCode, type HttpAnswer } from './exchange';
import { TimedOut, within } from './time-limit';

export interface HttpEndpointContext {
  readonly url: URL;
  /** Undefined: no header for it. */
  readonly accessKey: string | undefined;
  readonly deliveryStreamArn: string;
  readonly exchange: Exchange;
  readonly gzip: Compress;
  readonly clock: Clock;
}

/** How long an endpoint may take (AWS docs: see below). */
const answerWithinMs = 3 * 60_000;
const maxAnswerBytes = 1024 * 1024;

/**
 * Firehose's protocol for HTTP endpoints, version 1.0. AWS docs: "Understand HTTP endpoint delivery request and response
 * specifications", https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html. Error codes are those
 * of "Troubleshooting HTTP endpoints".
 */
export function createHttpEndpoint(spec: HttpEndpointSpec, context: HttpEndpointContext): Destination {
  const { url, accessKey, deliveryStreamArn, exchange, gzip, clock } = context;
  const { compresses, commonAttributes } = spec;

  const post = async ({ requestId, madeAt, records }: Delivery, signal: AbortSignal): Promise<HttpAnswer> => {
    const plain = Buffer.from(
      JSON.stringify({
        requestId,
        timestamp: madeAt,
        records: records.map(({ bytes }) => ({ data: base64(bytes) })),
      }),
    );
    const headers = {
      'content-type': 'application/json',
      'x-amz-firehose-protocol-version': '1.0',
      'x-amz-firehose-request-id': requestId,
      'x-amz-firehose-source-arn': deliveryStreamArn,
      ...(accessKey !== undefined && { 'x-amz-firehose-access-key': accessKey }),
      ...(Object.keys(commonAttributes).length > 0 && {
        'x-amz-firehose-common-attributes': JSON.stringify({ commonAttributes }),
      }),
      ...(compresses && { 'content-encoding': 'gzip' }),
    };
    const body = compresses ? await gzip(plain) : plain;
    return within(answerWithinMs, clock, signal, (limited) =>
      exchange({ url, headers, body, maxAnswerBytes }, limited),
    );
  };

  return {
    errorOutputType: 'http-endpoint-failed',
    maxRecords: 10_000,
    attempt: async (delivery, signal) => {
      const fate = await post(delivery, signal).then(
        (answer) => fateBy(answer, delivery.requestId),
        (error: unknown) => again(unanswered(error)),
      );
      // A request is taken as a whole, or not at all.
      return delivery.records.map(() => fate);
    },
    errorDocument: ({ record }, { rawData, attemptEndingTimestamp, ...common }) => ({
      ...common,
      attemptEndingTimestamp,
      rawData,
      subsequenceNumber: record.subsequenceNumber,
      dataId: `${record.sequenceNumber}.${record.subsequenceNumber}`,
    }),
  };
}

/** 200 alone is a delivery, and only in the right form. */
function fateBy(answer: HttpAnswer, requestId: string): Fate {
  const { status, body, isTooLarge } = answer;
  const received = `${status}: ${body.toString('utf8').slice(0, 8192)}`;
  // The batch "is not sent to error bucket": it is gone.
  if (status === 413) return { refusal: refused(received), next: 'lost' };
  if (isTooLarge)
    return again({ code: 'HttpEndpoint.ResponseTooLarge', message: 'The response exceeds 1 MiB.' });
  if (!isWellFormed(answer, requestId)) {
    return again({
      code: 'HttpEndpoint.InvalidResponseFromDestination',
      message: `Response for request ${requestId} is not in the format of the specifications. Raw response received: ${received}`,
    });
  }
  return status === 200 ? 'delivered' : again(refused(received));
}

function refused(received: string): Refusal {
  return {
    code: 'HttpEndpoint.DestinationException',
    message: `The following response was received from the endpoint destination. ${received}`,
  };
}

/** As the response's schema has it: JSON, uncompressed, with its length, the request's id and a time. */
function isWellFormed({ status, headers, body }: HttpAnswer, requestId: string): boolean {
  if (status < 200 || (status >= 300 && status < 400)) return false;
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) return false;
  if (headers['content-encoding'] !== undefined || headers['content-length'] === undefined) return false;
  const answer = parseObject(body.toString('utf8'));
  if (answer?.requestId !== requestId) return false;
  const { timestamp } = answer;
  // The published example of a failure has its time as text; that of a success has not.
  return Number.isInteger(timestamp) || (status !== 200 && /^\d+$/.test(String(timestamp)));
}

function unanswered(error: unknown): Refusal {
  if (error instanceof TimedOut) {
    return { code: 'HttpEndpoint.RequestTimeout', message: 'The request timed out before a response came.' };
  }
  const code = errorCode(error) ?? 'unknown';
  return {
    code: code === 'ECONNRESET' ? 'HttpEndpoint.ConnectionReset' : 'HttpEndpoint.ConnectionFailed',
    message: `The endpoint cannot be reached, or does not answer: ${code}.`,
  };
}
