import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DeliveryEvent } from '../firehose/events';
import type { OnFault } from './fault';

/** The pipeline's own log: what went wrong and was tried again, one JSON object a line. */
export interface FaultLog {
  readonly fault: OnFault;
  delivery(event: DeliveryEvent): void;
  /** Faults so far. */
  count(): number;
  close(): void;
}

const faultyEvents: ReadonlySet<DeliveryEvent['kind']> = new Set([
  'stream-call-failed',
  'invocation-failed',
  'object-failed',
  'delivery-failed',
  'records-lost',
  'checkpoint-failed',
  'crashed',
]);

export function createFaultLog(file: string): FaultLog {
  mkdirSync(dirname(file), { recursive: true });
  let log: number | undefined = openSync(file, 'a');
  let count = 0;
  const write = (entry: object): void => {
    count++;
    if (log !== undefined)
      writeSync(log, `${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
  };
  return {
    fault: (what, error) => write({ what, ...describe(error) }),
    delivery: (event) => {
      if (!faultyEvents.has(event.kind)) return;
      const { kind, ...details } = event;
      write({ what: kind, ...details, ...('error' in event ? describe(event.error) : {}) });
    },
    count: () => count,
    close: () => {
      if (log !== undefined) closeSync(log);
      log = undefined;
    },
  };
}

function describe(error: unknown): { error: string } {
  return { error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
}
