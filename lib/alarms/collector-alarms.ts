import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { AlarmRule } from './alarm-rule';
import { functionMetrics, throttlesAlarm } from './function-alarms';
import { percentOf } from './metrics';

/** Per cent of a minute's requests. */
const alarmingFailures = 5;

/** The alarms of the collector: whether it takes what is sent. */
export function collectorAlarms(collector: IFunction): readonly AlarmRule[] {
  const perMinute = { statistic: 'Sum', periodSeconds: 60 } as const;
  const ofUrl = functionMetrics(collector);
  return [
    {
      id: 'CollectorFails',
      meaning:
        'The collector crashes, or cannot put events into the stream: clients keep them for a while, and then lose them.',
      // Its own answers of 503 and 504 among them, of which Lambda does not count an error.
      metric: percentOf(
        ofUrl({ name: 'UrlRequestCount', ...perMinute }),
        ofUrl({ name: 'Url5xxCount', ...perMinute }),
      ),
      is: 'above',
      threshold: alarmingFailures,
      breaching: [2, 3],
      withoutData: 'is fine',
    },
    throttlesAlarm(
      'CollectorThrottled',
      collector,
      'Lambda refuses to run the collector, for want of concurrency: clients send again later.',
    ),
  ];
}
