import type { Clock } from '../../cli/clock';
import type { SourceEvent, TimedEvent } from './event-source';

export interface Moment {
  /** When the event says that it happened; undefined for one that does not say. */
  readonly at: number | undefined;
  /** When to send it, in milliseconds from the start; undefined: when the rate allows. */
  readonly dueMs: number | undefined;
}

/** Decides for each event, in the order in which they are sent, when it happened. */
export type Schedule = (at: number | undefined) => Moment;

/** Times as they are. */
export function asTheyAre(at: number | undefined): Moment {
  return { at, dueMs: undefined };
}

/** All times moved by the same span. */
export function movedBy(shiftMs: number): Schedule {
  return (at) => ({ at: at === undefined ? undefined : at + shiftMs, dueMs: undefined });
}

/**
 * Keeps the gaps between the events, `speed` times as fast: an event that happened n ms after the first is sent n /
 * speed ms after the start, and says that it happened then, so that whoever looks at the stream sees it live. Where
 * the order is not that of time, an event goes with the one before it: no gap is negative, and the jitter of a log
 * does not add up. Its timestamp still lies before the other's, as it did in the log.
 */
export function replayed(speed: number, clock: Clock): Schedule {
  let begun: { readonly first: number; readonly startedAt: number } | undefined;
  let dueMs = 0;
  return (at) => {
    if (at === undefined) return { at, dueMs };
    begun ??= { first: at, startedAt: clock.now() };
    const offsetMs = (at - begun.first) / speed;
    dueMs = Math.max(dueMs, offsetMs);
    return { at: Math.round(begun.startedAt + offsetMs), dueMs };
  };
}

/**
 * A copy that is no view: one event that waits for its shard would otherwise keep the whole chunk of a file in memory, or
 * the pool that Node makes small buffers from, and what is bounded by the events' bytes would be bounded by nothing.
 */
function onItsOwn(bytes: Uint8Array): Uint8Array {
  if (bytes.buffer.byteLength === bytes.byteLength) return bytes;
  const own = Buffer.allocUnsafeSlow(bytes.byteLength);
  own.set(bytes);
  return own;
}

/** The event as it is sent at its moment. */
export function scheduled(timed: TimedEvent, { at, dueMs }: Moment): SourceEvent {
  const outgoing = timed.outgoing(at);
  const { partitionKey, event } = outgoing;
  const data = onItsOwn(outgoing.data);
  const { file, line, resumeKey } = timed;
  // Every event in one shape, and no spreading: this runs for each.
  return { ok: true, data, partitionKey, at, dueMs, injected: undefined, event, file, line, resumeKey };
}
