import type { CheckpointStore } from '../checkpoint-store';
import type { Clock } from '../clock';
import type { ScheduleSpec } from '../deployment';
import type { OnFault } from '../faults/fault';
import type { LambdaFunction } from '../function-runtime/lambda-function';

export interface SchedulePorts {
  readonly target: LambdaFunction;
  readonly clock: Clock;
  /** Keeps when the next turn is, so that the rate goes on after a start, and does not begin anew. */
  readonly checkpoints: CheckpointStore;
  readonly onFault: OnFault;
}

/** A function that is invoked at a fixed rate. */
export interface Schedule {
  /** Resolves when the invocation under way has ended. */
  stop(): Promise<void>;
}

/**
 * Starts to invoke a function at its schedule's rate: for the first time an interval after the schedule was started for the
 * first time, and at once if its turn came while it was not running. EventBridge would also invoke it while it is still
 * under way; here that turn is left out. Rejects if its checkpoint cannot be read.
 */
export async function startSchedule(
  { name, functionArn, intervalSeconds, input }: ScheduleSpec,
  { target, clock, checkpoints, onFault }: SchedulePorts,
): Promise<Schedule> {
  const intervalMs = intervalSeconds * 1000;
  const key = `schedule/${name}/${functionArn}`;
  const kept = await checkpoints.get<NextTurn>(key);
  // Not later than an interval, should the machine's clock have been ahead.
  const firstAt = Math.min(kept?.at ?? Number.POSITIVE_INFINITY, clock.now() + intervalMs);
  if (kept === undefined) await checkpoints.put<NextTurn>(key, { at: firstAt });

  const ending = new AbortController();
  const run = async (): Promise<void> => {
    for (let turn: NextTurn = { at: firstAt }; ; ) {
      await clock.sleep(Math.max(turn.at - clock.now(), 0), ending.signal);
      if (ending.signal.aborted) return;
      turn = { at: clock.now() + intervalMs };
      try {
        await checkpoints.put(key, turn);
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

interface NextTurn {
  /** Epoch milliseconds. */
  readonly at: number;
}
