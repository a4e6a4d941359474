import type { ClickEvent } from '../../domain/click-event';
import type { OutgoingEvent } from '../outgoing-event';

/** An event to send. */
export interface SourceEvent extends OutgoingEvent {
  readonly ok: true;
  /** The line of the input, counted from 1. Absent in generated events. */
  readonly line?: number;
  /** When it happened, in epoch milliseconds, if it says so in a way that can be read. */
  readonly at: number | undefined;
  /** What was generated. Absent in events that come from an input, of which only the bytes are kept. */
  readonly event?: ClickEvent;
}

/** A line that is not an event, and is not sent. */
export interface UnreadableLine {
  readonly ok: false;
  readonly line: number;
  readonly reason: string;
}

export type SourceItem = SourceEvent | UnreadableLine;

/** Reads lines as events, each timestamp moved by `shiftMs`. */
export type LineFormat = (line: Buffer, number: number, shiftMs: number) => SourceItem;
