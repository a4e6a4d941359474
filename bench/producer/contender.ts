import type { OutgoingEvent } from '../../producer/client/outgoing-event';

/** A way to put events into a stream. */
export interface Contender {
  readonly name: string;
  readonly what: string;
  /** How many events it sends for each one of the first contender, which is the slowest by far. */
  readonly scale: number;
  /** Requests that it has under way at once at most. */
  readonly maxInFlight: number;
  /** Makes everything that is made once in a process's life. */
  prepare(events: readonly OutgoingEvent[], endpoint: string): Prepared;
}

export interface Prepared {
  /** Sends all events; returns how many were accepted. */
  send(): Promise<number>;
  close(): void;
}

export const streamName = 'clicks';
export const region = 'eu-central-1';
export const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };

/** What AWS takes in one `PutRecords`. */
export const recordsOfRequest = 500;
