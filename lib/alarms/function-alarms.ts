import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Settings } from '../settings';
import { type AlarmRule, mostOfFiveMinutes } from './alarm-rule';
import { type MetricRequest, metric, percentOf } from './metrics';

/** Metrics that Lambda sends of a function. */
export function functionMetrics({ functionName }: IFunction) {
  return (request: MetricRequest) => metric('AWS/Lambda', { FunctionName: functionName }, request);
}

/** Per cent of a minute's invocations. */
const alarmingErrors = 5;

/** @param meaning what has become of the records whose invocations fail */
export function errorsAlarm(id: string, of: IFunction, meaning: string): AlarmRule {
  const ofFunction = functionMetrics(of);
  const perMinute = { statistic: 'Sum', periodSeconds: 60 } as const;
  return {
    id,
    meaning,
    metric: percentOf(
      ofFunction({ name: 'Invocations', ...perMinute }),
      ofFunction({ name: 'Errors', ...perMinute }),
    ),
    is: 'above',
    threshold: alarmingErrors,
    breaching: [2, 3],
    withoutData: 'is fine',
  };
}

/** Of a function that is called for the records of a stream. @param meaning what is late then, and why it may be */
export function behindAlarm(
  id: string,
  of: IFunction,
  meaning: string,
  { batchingWindowSeconds }: Pick<Settings, 'batchingWindowSeconds'>,
): AlarmRule {
  return {
    id,
    meaning,
    metric: functionMetrics(of)({ name: 'IteratorAge', statistic: 'Maximum', periodSeconds: 60 }),
    is: 'above',
    threshold: Math.max(60, 20 * batchingWindowSeconds) * 1_000,
    breaching: mostOfFiveMinutes,
    withoutData: 'is fine',
  };
}

/** @param meaning what has become of the records whose invocations are refused */
export function throttlesAlarm(id: string, of: IFunction, meaning: string): AlarmRule {
  return {
    id,
    meaning,
    metric: functionMetrics(of)({ name: 'Throttles', statistic: 'Sum', periodSeconds: 60 }),
    is: 'at least',
    threshold: 1,
    breaching: mostOfFiveMinutes,
    withoutData: 'is fine',
  };
}

/** @param meaning what comes near the time-out */
export function slowAlarm(id: string, of: IFunction, timeoutSeconds: number, meaning: string): AlarmRule {
  return {
    id,
    meaning,
    metric: functionMetrics(of)({ name: 'Duration', statistic: 'p99', periodSeconds: 60 }),
    is: 'above',
    threshold: timeoutSeconds * 1_000 * 0.8,
    breaching: [2, 3],
    withoutData: 'is fine',
  };
}
