import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { AnomaliesMetric, anomaliesService } from '../../lambda/anomalies/contract';
import type { Settings } from '../settings';
import type { AlarmRule } from './alarm-rule';
import { functionMetrics } from './function-alarms';
import { ownMetric } from './metrics';

/** Lag of some hours has alarms of its own; this is a verdict that does not come. */
const alarmingBehindSeconds = 6 * 3_600;

/** The alarms of the detector: what it finds, one for each kind, and whether it looks. */
export function anomaliesAlarms(detector: IFunction, settings: Settings): readonly AlarmRule[] {
  const worst = (name: string) =>
    ownMetric(settings, anomaliesService, { name, statistic: 'Maximum', periodSeconds: 300 });
  const found = (id: string, meaning: string, name: string): AlarmRule => ({
    ...{ id, meaning, metric: worst(name), is: 'at least', threshold: 1, breaching: [1, 1] },
    // Between two verdicts, nothing is said.
    withoutData: 'keeps the state',
  });
  return [
    found(
      'TotalUnusual',
      'Far more or far fewer clicks than in these hours of the weeks before.',
      AnomaliesMetric.ofTotal,
    ),
    found(
      'TypeUnusual',
      'A type of event has far more or far fewer clicks than usual, or none, while the site as a whole has not.',
      AnomaliesMetric.ofTypes,
    ),
    found(
      'PageUnusual',
      'A page has far more or far fewer clicks than usual, or is gone, while the site as a whole is not.',
      AnomaliesMetric.ofPages,
    ),
    ...(settings.uniqueVisitors === 'off'
      ? []
      : [
          found(
            'VisitorsUnusual',
            'Far more clicks a visitor than usual: a few visitors, perhaps a single one, make most of them.',
            AnomaliesMetric.ofVisitors,
          ),
        ]),
    {
      id: 'AnomaliesBehind',
      meaning: 'Hours are not judged: the detector does not run, or a shard is counted hours late.',
      metric: worst(AnomaliesMetric.behindSeconds),
      is: 'above',
      threshold: alarmingBehindSeconds,
      // It reports every fifteen minutes: without any report in an hour, it does not run.
      breaching: [12, 12],
      withoutData: 'is a breach',
    },
    {
      id: 'AnomaliesErrors',
      meaning: 'The detector of anomalies crashes or times out, again and again.',
      metric: functionMetrics(detector)({ name: 'Errors', statistic: 'Sum', periodSeconds: 300 }),
      is: 'above',
      threshold: 0,
      // Invoked every fifteen minutes: twice in half an hour.
      breaching: [2, 6],
      withoutData: 'is fine',
    },
  ];
}
