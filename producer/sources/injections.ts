import { lateAfterMs, maxEventBytes } from '../../domain/event/click-event';
import type { Random } from '../../domain/numbers/random';
import type { Injection, SourceEvent, TimedEvent } from './event-source';
import { type Moment, scheduled } from './schedule';
import type { InjectionShares } from './traffic-input';

const minuteMs = 60_000;
const latestMs = 24 * 60 * minuteMs;
/** A duplicate comes after this many other events at most, as a client's second attempt does. */
const mostBetween = 16;
/** Above what an event may have, and far below what Kinesis takes. */
const mostExtraBytes = 64 * 1024;

/** The event at its moment, with what was done to it, and copies of earlier ones. */
export type Injector = (event: TimedEvent, moment: Moment) => readonly SourceEvent[];

/** None yet: whoever meets a marked event adds one. */
export function noInjections(): Record<Injection, number> {
  return { duplicate: 0, late: 0, malformed: 0, oversized: 0 };
}

/**
 * Does to a share of the events what real clients do, each event at most one thing, and marks what it did:
 * `duplicate` is a second copy, byte for byte, a few events after the first, which is unmarked; `late` an event that
 * says that it happened one hour to a day before; `malformed` bytes that are no event (cut off, not UTF-8, or an
 * object printed by its name); `oversized` an event larger than the pipeline takes, though Kinesis takes it. Events
 * that nothing is done to are the same as without injections.
 *
 * @param random numbers that nothing else draws from
 */
export function createInjector(
  { duplicates, late, malformed, oversized }: InjectionShares,
  random: Random,
): Injector {
  if (duplicates + late + malformed + oversized === 0) return (event, moment) => [scheduled(event, moment)];
  const waiting: { readonly copy: SourceEvent; between: number }[] = [];
  const limits: readonly (readonly [Injection, number])[] = [
    ['duplicate', duplicates],
    ['late', duplicates + late],
    ['malformed', duplicates + late + malformed],
    ['oversized', duplicates + late + malformed + oversized],
  ];

  /** Copies that have waited for long enough, due with the event that they come after. */
  const copiesDue = ({ dueMs }: Moment): SourceEvent[] => {
    for (const each of waiting) each.between--;
    const due: SourceEvent[] = [];
    for (let i = 0; i < waiting.length; ) {
      if (waiting[i]!.between > 0) i++;
      else due.push(...waiting.splice(i, 1).map(({ copy }) => ({ ...copy, dueMs })));
    }
    return due;
  };

  const inject = (event: TimedEvent, moment: Moment): SourceEvent => {
    const drawn = random.float();
    const injected = limits.find(([, limit]) => drawn < limit)?.[0];
    if (injected === 'late') {
      const laterMs = lateAfterMs + minuteMs + random.below(latestMs - lateAfterMs);
      const at = moment.at === undefined ? undefined : moment.at - laterMs;
      return { ...scheduled(event, { ...moment, at }), injected };
    }
    const made = scheduled(event, moment);
    if (injected === 'malformed') return { ...made, data: malform(made.data, random), injected };
    if (injected === 'oversized') return { ...made, data: enlarge(made.data, random), injected };
    if (injected === 'duplicate') {
      const resumeKey = made.resumeKey === undefined ? undefined : `${made.resumeKey}+`;
      const copy = { ...made, resumeKey, injected };
      waiting.push({ copy, between: 1 + random.below(mostBetween) });
    }
    return made;
  };

  return (event, moment) => {
    const due = copiesDue(moment);
    return [inject(event, moment), ...due];
  };
}

/** No event, whatever reads it. */
function malform(data: Uint8Array, random: Random): Uint8Array {
  const how = random.below(3);
  if (how === 0) return Buffer.from('[object Object]');
  const at = 1 + random.below(data.byteLength - 1);
  // A JSON object is none without its last byte; 0xff is in no UTF-8 text.
  if (how === 1) return data.subarray(0, at);
  return Buffer.concat([data.subarray(0, at), Buffer.from([0xff]), data.subarray(at)]);
}

/** The same JSON with a long member before its closing brace, or with blanks after it where it has no members. */
function enlarge(data: Uint8Array, random: Random): Uint8Array {
  const length = maxEventBytes + 1 + random.below(mostExtraBytes);
  const text = Buffer.from(data);
  if (!/[^{\s]\s*\}$/.test(text.toString('latin1', Math.max(0, text.length - 64)))) {
    return Buffer.concat([text, Buffer.alloc(Math.max(0, length - text.length), ' ')]);
  }
  return Buffer.concat([
    text.subarray(0, -1),
    Buffer.from(',"padding":"'),
    Buffer.alloc(length, 'x'),
    Buffer.from('"}'),
  ]);
}
