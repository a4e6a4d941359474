/**
 * What becomes of one call to the table. `lost-before`: it never arrives. `lost-after`: it acts, and its answer is
 * lost. `resent`: so too, and the client makes it again by itself. `late`: the caller sees a fault, and the call
 * acts some time afterwards. `timeout-*`: the invocation's time is over with this call, which may have acted.
 */
export const callFaults = [
  'lost-before',
  'lost-after',
  'resent',
  'throttled',
  'late',
  'timeout-before',
  'timeout-after',
] as const;

export type CallFault = (typeof callFaults)[number];

/**
 * How an invocation ends before its time, from its n-th call on, numbered from 0. `dies`: nothing more of it
 * happens. `dies-late`: the calls it has sent act some time afterwards. `freezes`: it stops, and goes on some time
 * afterwards, when the mapping has long given it up.
 */
export interface SuddenEnd {
  readonly at: number;
  readonly kind: 'dies' | 'dies-late' | 'freezes';
}

export interface InvocationPlan {
  readonly faults: readonly { readonly at: number; readonly kind: CallFault }[];
  readonly end?: SuddenEnd | undefined;
}

/** What comes to pass later: calls that act late, and invocations that go on. */
export type Later = (() => Promise<void>)[];

/** The way of one environment, or of one command, to the table. */
export interface Connection {
  /** Makes a call, or has happen to it what the plan says. */
  reach<T>(call: () => Promise<T>): Promise<T>;
  /** Begins an invocation; `stopped` resolves if it ends before its time. */
  begin(plan: InvocationPlan): { readonly signal: AbortSignal; readonly stopped: Promise<void> };
  /** @throws Error if the invocation made more calls than any needs: it would have gone on without end */
  end(): void;
}

/** No invocation of the model needs as many; one that does not come to an end is caught here. */
const maxCalls = 1_000;

const never = new Promise<never>(() => {});

export function connect(later: Later): Connection {
  let plan: InvocationPlan = { faults: [] };
  let made = 0;
  let abort = new AbortController();
  let stop = (): void => {};
  let gate: Promise<void> | undefined;
  let thawed = false;

  const attempt = async <T>(act: () => Promise<T>): Promise<T> => {
    if (thawed) return act();
    const number = made++;
    if (number > maxCalls) throw named('EndlessError');
    const { end } = plan;
    if (end && number >= end.at) {
      stop();
      if (end.kind === 'dies-late') later.push(() => quietly(act));
      if (end.kind !== 'freezes') return never;
      gate ??= frozen();
      await gate;
      return act();
    }
    if (abort.signal.aborted) throw named('AbortError');
    switch (plan.faults.find(({ at }) => at === number)?.kind) {
      case 'lost-before':
        throw named('TimeoutError');
      case 'throttled':
        throw named('ThrottlingException');
      case 'lost-after':
        await quietly(act);
        throw named('TimeoutError');
      case 'late':
        later.push(() => quietly(act));
        throw named('TimeoutError');
      case 'resent':
        await quietly(act);
        return act();
      case 'timeout-before':
        abort.abort();
        throw named('AbortError');
      case 'timeout-after':
        await quietly(act);
        abort.abort();
        throw named('AbortError');
      case undefined:
        return act();
    }
  };

  const frozen = (): Promise<void> =>
    new Promise((resolve) => {
      later.push(async () => {
        thawed = true;
        resolve();
        // All of the table's calls are in memory, so that a turn of the event loop sees the invocation's end.
        await new Promise((next) => setImmediate(next));
      });
    });

  return {
    reach: attempt,
    begin: (next) => {
      plan = next;
      made = 0;
      abort = new AbortController();
      const stopped = new Promise<void>((resolve) => {
        stop = resolve;
      });
      return { signal: abort.signal, stopped };
    },
    end: () => {
      if (made > maxCalls) throw new Error(`more than ${maxCalls} calls in one invocation`);
    },
  };
}

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}

async function quietly(act: () => Promise<unknown>): Promise<void> {
  await act().catch(() => {});
}
