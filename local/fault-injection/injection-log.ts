import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** A fault that was injected. */
export interface Injection {
  readonly service: string;
  readonly operation: string;
  /** `throttle`, `cut after`, … */
  readonly fault: string;
  /** Which request of the operation it was, from 0; a shard's refusal has none. */
  readonly request?: number;
  /** Entries of the request that failed, where not all did. */
  readonly entries?: number;
}

/** What was injected, one JSON object a line, so that it can be counted after the process was killed, too. */
export interface InjectionLog {
  write(injection: Injection): void;
  /** So far, by `service operation fault`. */
  counts(): Readonly<Record<string, number>>;
  close(): void;
}

export function createInjectionLog(file: string): InjectionLog {
  mkdirSync(dirname(file), { recursive: true });
  let log: number | undefined = openSync(file, 'a');
  const counts = new Map<string, number>();
  return {
    write: (injection) => {
      const name = `${injection.service} ${injection.operation} ${injection.fault}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      if (log !== undefined)
        writeSync(log, `${JSON.stringify({ time: new Date().toISOString(), ...injection })}\n`);
    },
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    close: () => {
      if (log !== undefined) closeSync(log);
      log = undefined;
    },
  };
}
