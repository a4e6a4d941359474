import type { Clock } from '../clock';
import type { ScheduleSpec } from '../deployment';
import type { OnFault } from '../faults/fault';
import type { LambdaFunction } from '../function-runtime/lambda-function';

export interface SchedulePorts {
  readonly target: LambdaFunction;
  readonly clock: Clock;
  readonly onFault: OnFault;
}

/** A function that is invoked at a fixed rate. */
export interface Schedule {
  /** Resolves when the invocation under way has ended. */
  stop(): Promise<void>;
}

/**
 * Starts to invoke a function at its schedule's rate, for the first time after one interval. EventBridge would also invoke
 * it while it is still under way; here that turn is left out.
 */
export function startSchedule(
  { intervalSeconds, input }: ScheduleSpec,
  { target, clock, onFault }: SchedulePorts,
): Schedule {
  const ending = new AbortController();
  const run = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(intervalSeconds * 1000, ending.signal);
      if (ending.signal.aborted) return;
      try {
        const invocation = await target.invoke(input);
        if (invocation.kind === 'failed') {
          onFault(
            `invocation of ${target.name}`,
            new Error(`${invocation.errorType}: ${invocation.errorMessage}`),
          );
        }
      } catch (error) {
        // Cut short by the end of everything.
        if (!ending.signal.aborted) onFault(`invocation of ${target.name}`, error);
      }
    }
  };
  const finished = run();
  return {
    stop: async () => {
      ending.abort();
      await finished;
    },
  };
}
