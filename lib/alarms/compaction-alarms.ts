import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CompactorMetric, compactorService } from '../../lambda/compactor/contract';
import type { Settings } from '../settings';
import type { AlarmRule } from './alarm-rule';
import { functionMetrics } from './function-alarms';
import { ownMetric } from './metrics';

/** The alarms of the compactor, and of what it finds in the logs. */
export function compactionAlarms(compactor: IFunction, settings: Settings): readonly AlarmRule[] {
  const worst = (name: string) =>
    ownMetric(settings, compactorService, { name, statistic: 'Maximum', periodSeconds: 300 });
  return [
    {
      id: 'CompactionBehind',
      meaning: 'The log is not folded into the items: the compactor does not run, or has too little time.',
      metric: worst(CompactorMetric.oldestPendingSeconds),
      is: 'above',
      threshold: settings.compactionSeconds + 900,
      breaching: [4, 4],
      // It reports every minute, whether there is anything to compact or not.
      withoutData: 'is a breach',
    },
    {
      id: 'CompactionFails',
      meaning: 'The table refuses the compaction of some shards.',
      metric: worst(CompactorMetric.shardsNotCompacted),
      is: 'above',
      threshold: 0,
      breaching: [3, 3],
      withoutData: 'is fine',
    },
    {
      id: 'CompactorErrors',
      meaning: 'The compactor crashes or times out, again and again.',
      metric: functionMetrics(compactor)({ name: 'Errors', statistic: 'Sum', periodSeconds: 300 }),
      is: 'above',
      threshold: 0,
      breaching: [3, 3],
      withoutData: 'is fine',
    },
    {
      id: 'LogGap',
      meaning: 'The log of a shard lacks a delta: reports of it fail, and it is not compacted.',
      metric: worst(CompactorMetric.logGaps),
      is: 'above',
      threshold: 0,
      breaching: [1, 1],
      withoutData: 'keeps the state',
    },
  ];
}
