import { readEvent } from '../../domain/event/record';
import { errorName } from '../../domain/function/function-log';
import type { OutgoingEvent } from '../../producer/client/outgoing-event';
import type { PutOutcome } from '../../producer/client/put-all';
import { type Answer, type Refusal, type RejectedEvent, refused, taken } from './answer';
import { type Batch, readBatch } from './batch';
import { clockSkew } from './clock-skew';
import type { CollectorSettings } from './environment';
import { eventLine } from './event-line';
import { networkHash } from './network';
import type { RateLimit } from './rate-limit';
import { type KeyedLine, recordsOf } from './records';
import type { CollectorRequest } from './request';
import type { Salts } from './salts';
import { visitorHash } from './visitor';

export interface CollectPorts {
  readonly salts: Pick<Salts, 'today'>;
  readonly rateLimit: RateLimit;
  readonly put: (records: readonly OutgoingEvent[]) => Promise<PutOutcome>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What became of a request with events. */
export interface Collected {
  readonly answer: Answer;
  readonly accepted: number;
  readonly rejected: readonly RejectedEvent[];
  /** Events that the sender's client says it had to give up. */
  readonly lost: number;
  /** Name of what failed, for the log. */
  readonly because?: string;
}

/**
 * Events that were offline for longer are rejected. Each minute, hour and day of the past in which somebody claims an event
 * has items of its own to be written.
 */
const maxAgeMs = 7 * 86_400_000;

/** For puts: a visitor's browser waits. A request that is under way then takes two seconds at the most. */
export const longestPutMs = 4_000;

/** A sender may try again after so many seconds. */
const retryAfterSeconds = 5;
const contentTypes: readonly string[] = ['text/plain', 'application/json'];

/** Takes the events of a request: answered when Kinesis has acknowledged them. */
export async function collect(
  request: CollectorRequest,
  settings: CollectorSettings,
  ports: CollectPorts,
): Promise<Collected> {
  const refuse = (refusal: Refusal, because?: string): Collected => ({
    answer: refused(refusal),
    ...nothing,
    ...(because !== undefined && { because }),
  });
  if (!contentTypes.includes(request.contentType)) {
    return refuse({
      status: 415,
      error: 'the content type is not taken',
      allowed: contentTypes.join(', '),
    });
  }
  if (!['', 'identity'].includes(request.contentEncoding)) {
    return refuse({ status: 415, error: 'the content encoding is not taken', allowed: 'none' });
  }
  const read = readBatch(request.body);
  if (!read.ok) return refuse(read.refusal);
  const { batch } = read;
  if (request.asksForPrivacy && settings.privacyControl === 'respected') {
    const rejected = batch.events.map((_, index) => ({ index, reason: 'privacy_control' }));
    return { answer: taken(0, rejected), ...nothing, rejected };
  }

  let salt: Uint8Array;
  try {
    salt = await ports.salts.today();
  } catch (error) {
    return refuse(unavailable(503), errorName(error));
  }
  const visitorId = visitorHash(salt, request);
  const sending = { visitor: visitorId, address: networkHash(salt, request.address) };
  const wait = ports.rateLimit.take(sending, batch.events.length);
  if (wait !== undefined) {
    const { seconds, allowed } = wait;
    return refuse({ status: 429, error: 'too many events', allowed, retryAfterSeconds: seconds });
  }

  const { lines, rejected } = linesOf(batch, visitorId, request, settings, ports.now());
  if (lines.length > 0) {
    const outcome = await ports.put(recordsOf(lines));
    // Whoever sends again sends copies of what arrived: ids tell them apart only for a while.
    if (outcome.kind === 'failed')
      return refuse(unavailable(outcome.mayHaveArrived ? 504 : 503), outcome.because);
  }
  return { answer: taken(lines.length, rejected), accepted: lines.length, rejected, lost: batch.lost };
}

const nothing = { accepted: 0, rejected: [], lost: 0 } as const;

const unavailable = (status: 503 | 504): Refusal => ({
  status,
  error: status === 503 ? 'the events were not taken' : 'it is not known whether all events were taken',
  retryAfterSeconds,
});

function linesOf(
  { events, sentAt }: Batch,
  visitorId: string,
  { userAgent }: CollectorRequest,
  { visitorIds }: CollectorSettings,
  now: number,
): { readonly lines: readonly KeyedLine[]; readonly rejected: readonly RejectedEvent[] } {
  const sender = { visitorId, userAgent, visitorIds, skewMs: clockSkew(sentAt, now) };
  const lines: KeyedLine[] = [];
  const rejected: RejectedEvent[] = [];
  for (const [index, event] of events.entries()) {
    const made = eventLine(event, sender);
    // By the parser that counts later, at the time at which the stream takes it.
    const reading = made.ok ? readEvent(made.line, now) : made;
    if (!reading.ok) rejected.push({ index, reason: reading.reason });
    else if (now - reading.at > maxAgeMs) rejected.push({ index, reason: 'too_old' });
    else if (made.ok) lines.push({ line: made.line, key: made.partitionKey });
  }
  return { lines, rejected };
}
