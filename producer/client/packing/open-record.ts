import type { OutgoingEvent } from '../outgoing-event';

/** A record that is being filled. */
export interface OpenRecord {
  /** Adds the event; false where the record would get too large, or the event cannot share one. */
  add(event: OutgoingEvent): boolean;
  /** The record's data. Nothing is added after that. */
  seal(): Uint8Array;
}
