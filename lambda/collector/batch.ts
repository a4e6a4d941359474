import { isUtf8 } from 'node:buffer';
import { parseTimestamp } from '../../domain/event/timestamp';
import { parseObject } from '../../domain/json/json-object';
import type { Refusal } from './answer';
import { maxEvents } from './contract';
import { partsOf } from './json-parts';

/** In one request. A browser keeps no larger one alive when its page is gone (Fetch standard: 64 kibibytes). */
export const maxBodyBytes = 64 * 1024;

/** What a request's body holds. */
export interface Batch {
  /** Each as it was sent. */
  readonly events: readonly Buffer[];
  /** Epoch milliseconds by the sender's clock at which it sent them; undefined where it does not say. */
  readonly sentAt: number | undefined;
  /** Events that the sender's client had to give up since it last told, as it says. */
  readonly lost: number;
}

const shape = '{"sentAt": "2026-11-28T20:00:00.000Z", "events": [{…}, …]}';

/** Reads a body, or says what is wrong with all of it. */
export function readBatch(
  body: Buffer,
): { readonly ok: true; readonly batch: Batch } | { readonly ok: false; readonly refusal: Refusal } {
  const refuse = (status: 400 | 413, error: string, allowed: string) =>
    ({ ok: false, refusal: { status, error, allowed } }) as const;
  if (body.length > maxBodyBytes) {
    return refuse(413, `the body has ${body.length} bytes`, `at most ${maxBodyBytes}`);
  }
  const parsed = isUtf8(body) ? parseObject(body.toString()) : undefined;
  if (!parsed) return refuse(400, 'the body is no JSON object in UTF-8', shape);
  const { events, sentAt, lost } = parsed;
  if (!Array.isArray(events) || events.length === 0) return refuse(400, 'there are no events', shape);
  if (events.length > maxEvents) {
    return refuse(413, `there are ${events.length} events`, `at most ${maxEvents}`);
  }
  const sent = typeof sentAt === 'string' ? parseTimestamp(sentAt) : undefined;
  if (sentAt !== undefined && sentAt !== null && sent === undefined) {
    return refuse(400, 'sentAt is no instant', 'ISO 8601 with a zone');
  }
  const isCount = typeof lost === 'number' && Number.isInteger(lost) && lost >= 0 && lost <= 1_000_000;
  const batch = { events: eventsIn(body), sentAt: sent, lost: isCount ? lost : 0 };
  return { ok: true, batch };
}

/** Of a body that is known to hold an array of them. Of two members of one name, the last counts, as for `JSON.parse`. */
function eventsIn(body: Buffer): Buffer[] {
  const members = partsOf(body, body.indexOf('{'));
  let open = 0;
  for (let index = 0; index < members.length; index += 2) {
    const { start, end } = members[index]!;
    if (JSON.parse(body.toString('utf8', start, end)) === 'events') open = members[index + 1]!.start;
  }
  return partsOf(body, open).map(({ start, end }) => body.subarray(start, end));
}
