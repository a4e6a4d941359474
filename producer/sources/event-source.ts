import type { ClickEvent } from '../../domain/event/click-event';
import type { Outgoing } from '../../formats/line-reader';
import type { OutgoingEvent } from '../client/outgoing-event';

/** What was done to a generated event, so that the pipeline meets what real clients send. */
export type Injection = 'duplicate' | 'late' | 'malformed' | 'oversized';

/** Where an event comes from. */
export interface EventOrigin {
  /** The input's path as it was given, `-` for standard input. Absent in generated events. */
  readonly file?: string | undefined;
  /** The line of the file, counted from 1. Absent in generated events. */
  readonly line?: number | undefined;
  /**
   * Names the event among those of the same run with the same options: `2:17` is line 17 of the second input, `17`
   * the 17th generated event of a seed, and `17+` its duplicate. Absent in events that no other run has.
   */
  readonly resumeKey?: string | undefined;
}

/** An event to send. */
export interface SourceEvent extends OutgoingEvent, EventOrigin {
  readonly ok: true;
  /** When it says it happened, in epoch milliseconds, if it says so in a way that can be read. */
  readonly at: number | undefined;
  /** When to send it, in milliseconds from the start; never less than that of the event before. Set for a replay. */
  readonly dueMs?: number | undefined;
  readonly injected?: Injection | undefined;
  /** What was generated. Absent in events of which only the bytes are known. */
  readonly event?: ClickEvent | undefined;
}

/** A line that is not an event, and is not sent. */
export interface UnreadableLine {
  readonly ok: false;
  /** The input's path, or `-`. */
  readonly file?: string | undefined;
  readonly line: number;
  readonly reason: string;
  /** What stands there; absent for a line that is too long to keep. It is no reader's to print. */
  readonly bytes?: Buffer | undefined;
}

export type SourceItem = SourceEvent | UnreadableLine;

/** An event whose time has still to be decided: as it was logged, moved, or scaled for a replay. */
export interface TimedEvent extends EventOrigin {
  readonly ok: true;
  /** When it happened by its source, in epoch milliseconds. */
  readonly at: number | undefined;
  /** The length of the line that it was read from. */
  readonly lineBytes?: number | undefined;
  /** The event as it is sent, saying that it happened at `at`; for undefined it is left as it is. */
  outgoing(at: number | undefined): Outgoing;
}

export type TimedItem = TimedEvent | UnreadableLine;
