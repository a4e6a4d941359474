import type { DynamoCalls } from '../../table/dynamo-calls';

export type CallName = keyof DynamoCalls;

/** What happens around a call: it acts when `act` is called. */
export type Around = <Output>(name: CallName, input: object, act: () => Promise<Output>) => Promise<Output>;

/** The calls of a table, with something around each of them. */
export function interceptedCalls(calls: DynamoCalls, around: Around): DynamoCalls {
  return {
    get: (input, signal) => around('get', input, () => calls.get(input, signal)),
    batchGet: (input, signal) => around('batchGet', input, () => calls.batchGet(input, signal)),
    query: (input, signal) => around('query', input, () => calls.query(input, signal)),
    put: (input, signal) => around('put', input, () => calls.put(input, signal)),
    update: (input, signal) => around('update', input, () => calls.update(input, signal)),
  };
}

/** The calls, each of which ends with its signal. */
export function abortable(calls: DynamoCalls): DynamoCalls {
  const ended = async <Output>(
    signal: AbortSignal | undefined,
    act: () => Promise<Output>,
  ): Promise<Output> => {
    signal?.throwIfAborted();
    const output = await act();
    signal?.throwIfAborted();
    return output;
  };
  return {
    get: (input, signal) => ended(signal, () => calls.get(input)),
    batchGet: (input, signal) => ended(signal, () => calls.batchGet(input)),
    query: (input, signal) => ended(signal, () => calls.query(input)),
    put: (input, signal) => ended(signal, () => calls.put(input)),
    update: (input, signal) => ended(signal, () => calls.update(input)),
  };
}

/** The calls, and the names of those that were made. */
export function countedCalls(calls: DynamoCalls): { readonly calls: DynamoCalls; readonly made: CallName[] } {
  const made: CallName[] = [];
  const counted = interceptedCalls(calls, (name, _input, act) => {
    made.push(name);
    return act();
  });
  return { calls: counted, made };
}

export class Crash extends Error {
  override readonly name = 'Crash';
}

/** `before` cuts the connection before the table acts, `after` when it has acted, so that only the answer is lost. */
export type Fault = 'before' | 'after';

/** The calls through a connection that fails at some of them, numbered from 0. */
export function failingCalls(calls: DynamoCalls, faults: ReadonlyMap<number, Fault>): DynamoCalls {
  let made = 0;
  return interceptedCalls(calls, async (_name, _input, act) => {
    const fault = faults.get(made++);
    if (fault === 'before') throw new Crash('connection cut before the table acted');
    const output = await act();
    if (fault === 'after') throw new Crash('connection cut after the table acted');
    return output;
  });
}
