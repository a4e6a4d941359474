import type { Clock } from '../clock';
import type { LambdaFunction } from '../function-runtime/lambda-function';
import type { RecordMetric } from './metric-store';
import { functionMetric } from './service-metrics';

/** What Lambda answers where no more invocations of a function may run. */
export const tooManyRequests = 'TooManyRequestsException';

/** The function, of whose invocations Lambda's metrics are taken. */
export function measuredFunction<F extends LambdaFunction>(
  fn: F,
  record: RecordMetric,
  clock: Pick<Clock, 'now'>,
): F {
  const { name } = fn;
  return {
    ...fn,
    invoke: async (eventJson: string) => {
      const startedAt = clock.now();
      try {
        const invocation = await fn.invoke(eventJson);
        record(functionMetric(name, 'Invocations'), 1);
        record(functionMetric(name, 'Errors'), invocation.kind === 'failed' ? 1 : 0);
        record(functionMetric(name, 'Duration'), clock.now() - startedAt);
        record(functionMetric(name, 'Throttles'), 0);
        return invocation;
      } catch (error) {
        // What was throttled is no invocation, and no error.
        if (error instanceof Error && error.name === tooManyRequests)
          record(functionMetric(name, 'Throttles'), 1);
        throw error;
      }
    },
  };
}
