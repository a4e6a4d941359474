import { dimensions, valueIn } from '../../domain/counters/dimensions';
import { referrerHost } from '../../domain/derived/referrer';
import { deviceOf } from '../../domain/derived/user-agent';
import { type Click, type Reading, type Rejection, readEvent } from '../../domain/event/record';
import { mentions } from './mentions';

/** What takes the place of what tells who it was. */
export interface Erasure {
  /** Whose events are erased. */
  readonly visitorId: string;
  readonly pseudonym: string;
  /** The same name for the same session. */
  sessionFor(sessionId: string): string;
  /** The same id for the same event: what was sent twice stays recognizable as such. */
  eventIdFor(eventId: string): string;
}

const platforms = ['Windows', 'Mobi', 'iPad', 'AppleTV', 'Xbox'];

/** User agents that say no more than their class: of browsers, of bots, and of nobody. */
const plainUserAgents = [
  ...platforms.map((platform) => `Mozilla/5.0 (${platform}) Firefox/1`),
  ...platforms.map((platform) => `bot ${platform}`),
  '-',
];

/**
 * An event without what tells who it was: what the counters hold of it stays (type, page, element, time, the referrer's
 * host, the class of device, the status), everything else goes. It counts as the event did.
 *
 * @param arrivedAt epoch milliseconds
 * @returns JSON in UTF-8; undefined if it would count otherwise
 */
export function erasedEvent(click: Click, arrivedAt: number, erasure: Erasure): Buffer | undefined {
  const { event } = click;
  const { status } = JSON.parse(click.bytes.toString()) as { readonly status?: unknown };
  const host = referrerHost(event.referrer);
  const kept = {
    eventId: erasure.eventIdFor(event.eventId),
    type: event.type,
    timestamp: event.timestamp,
    visitorId: erasure.pseudonym,
    page: event.page,
    ...(event.sessionId ? { sessionId: erasure.sessionFor(event.sessionId) } : {}),
    ...(event.element === undefined ? {} : { element: event.element }),
    ...(host === undefined ? {} : { referrer: `https://${host}/` }),
    ...(event.userAgent === undefined ? {} : { userAgent: plainUserAgent(event.userAgent) }),
    ...(click.statusClass === undefined ? {} : { status }),
  };
  const bytes = Buffer.from(JSON.stringify(kept));
  return countsAs(readEvent(bytes, arrivedAt), click) ? bytes : undefined;
}

function plainUserAgent(userAgent: string): string | undefined {
  const { deviceClass, isBot } = deviceOf(userAgent);
  return plainUserAgents.find((plain) => {
    const device = deviceOf(plain);
    return device.deviceClass === deviceClass && device.isBot === isBot;
  });
}

function countsAs(one: Reading, other: Reading): boolean {
  return (
    one.ok &&
    dimensions.every((dimension) => valueIn(dimension, one, false) === valueIn(dimension, other, false))
  );
}

const letterOrDigit = /[\p{L}\p{N}]/gu;

/**
 * A line that is no event, as long as it was but without its words: it counts by the reason for which it was rejected.
 * Undefined if the reason would be another one.
 */
export function erasedRejection(
  { bytes, reason }: Rejection,
  arrivedAt: number,
  { visitorId }: Erasure,
): Buffer | undefined {
  const text = bytes.toString();
  const candidates = [
    // Names of members stay, since many reasons are about them.
    text.replace(/"(?:[^"\\]|\\.)*"(\s*:)?/gs, (string, colon) =>
      colon === undefined ? string.replace(letterOrDigit, 'x') : string,
    ),
    text.replace(letterOrDigit, 'x'),
  ];
  for (const candidate of candidates.filter((one) => !mentions(one, visitorId))) {
    const erased = Buffer.from(candidate);
    const reading = readEvent(erased, arrivedAt);
    if (!reading.ok && reading.reason === reason) return erased;
  }
  return undefined;
}
