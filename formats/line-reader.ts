import type { ClickEvent } from '../domain/event/click-event';
import type { OutgoingEvent } from '../producer/client/outgoing-event';

export interface Outgoing extends OutgoingEvent {
  readonly event?: ClickEvent | undefined;
}

/** Where a line stands. */
export interface LinePlace {
  /** The input's number among those given, counted from 1; or the name of what holds it, which nothing else has. */
  readonly file: number | string;
  /** Counted from 1. */
  readonly line: number;
}

/** What a line turned out to be; undefined: not an event, and not meant to be one (a header, say). */
export type LineReading =
  | {
      readonly ok: true;
      /** When it happened, in epoch milliseconds, if it says so in a way that can be read. */
      readonly at: number | undefined;
      /** Its page, as far as it names one. */
      readonly page: string | undefined;
      /** The event as it is sent, saying that it happened at `at`; for undefined it is left as it is. */
      outgoing(at: number | undefined): Outgoing;
    }
  | { readonly ok: false; readonly reason: string }
  | undefined;

/** Reads the lines of one file, in order. Whatever the bytes are, there is a reading and no exception. */
export type LineReader = (line: Buffer, place: LinePlace) => LineReading;
