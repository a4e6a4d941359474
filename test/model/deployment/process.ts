import { setMaxListeners } from 'node:events';
import type { DynamoCalls } from '../../../table/dynamo-calls';

/** Something that was asked for and has not happened yet. */
export interface Call {
  readonly act: () => Promise<unknown>;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

export interface ProcessPlan {
  readonly name: string;
  /** It is killed when it has run for longer. */
  readonly lifeMs: number;
  /** Whether its calls fail, now and then. */
  readonly mayFail: boolean;
  /** Readers are killed; invocations and commands may have a time-out as well. */
  readonly isReader?: boolean;
}

const never = new Promise<never>(() => {});

/** No process of the model needs as many; one that does not come to an end is caught here. */
const mostCalls = 3_000;

/** An invocation or a command: code that runs until it waits for calls, of which the scheduler makes one at a time. */
export class Process {
  readonly calls: Call[] = [];
  private readonly abort = new AbortController();
  private made = 0;
  readonly signal = this.abort.signal;
  isKilled = false;
  /** Its calls are made at once. */
  isUnscheduled = false;
  ended: { readonly value?: unknown; readonly error?: unknown } | undefined;

  constructor(
    readonly plan: ProcessPlan,
    readonly born: number,
    readonly onEnd: (value: unknown, error: unknown) => void,
  ) {
    setMaxListeners(0, this.signal);
  }

  call<T>(act: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.isKilled) return never;
    if (this.made++ > mostCalls) return Promise.reject(named('EndlessError'));
    if (signal?.aborted || this.signal.aborted) return Promise.reject(named('AbortError'));
    if (this.isUnscheduled) return act();
    return new Promise<T>((resolve, reject) => {
      this.calls.push({ act, resolve: resolve as (answer: unknown) => void, reject });
    });
  }

  end(): void {
    this.abort.abort();
  }
}

/** Whose calls go through it, one process after the other. */
export interface Caller {
  process: Process | undefined;
}

/** Makes the calls of a table a caller's. */
export function callsOf(
  caller: Caller,
  act: (kind: keyof DynamoCalls, input: unknown) => Promise<unknown>,
): DynamoCalls {
  const through =
    (kind: keyof DynamoCalls) =>
    (input: unknown, signal?: AbortSignal): Promise<never> =>
      (caller.process?.call(() => act(kind, input), signal) ?? never) as Promise<never>;
  return {
    get: through('get'),
    batchGet: through('batchGet'),
    query: through('query'),
    put: through('put'),
    update: through('update'),
  };
}

/** Whether a process ended by this because it was killed. */
export function isKill(error: unknown): boolean {
  return error instanceof Error && error.name === 'Killed';
}

export function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}
