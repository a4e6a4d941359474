import { closeSync, openSync, writeSync } from 'node:fs';
import type { OutgoingEvent } from '../client/outgoing-event';

export interface FailedEvents {
  readonly path: string;
  /** Appends the event as it would have been sent, so that the file can be sent again as NDJSON. */
  keep(event: OutgoingEvent): void;
  /** How many were kept. */
  count(): number;
  close(): void;
}

/**
 * A file for events that never got through, made with the first of them and readable by its owner only. Writes are
 * synchronous: an event is on disk before anything else happens, and there are few of them.
 */
export function createFailedEvents(path: string): FailedEvents {
  let file: number | undefined;
  let count = 0;
  return {
    path,
    keep({ data }) {
      file ??= openSync(path, 'a', 0o600);
      const line = Buffer.concat([data, Buffer.from('\n')]);
      for (let written = 0; written < line.length; ) written += writeSync(file, line, written);
      count++;
    },
    count: () => count,
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}
