import type { IEventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import { AggregatorMetric, aggregatorService } from '../../lambda/aggregator/contract';
import type { AggregatesTable } from '../aggregates-table';
import type { Settings } from '../settings';
import { type AlarmRule, heartbeat } from './alarm-rule';
import { compactionAlarms } from './compaction-alarms';
import { behindAlarm, errorsAlarm, functionMetrics, slowAlarm, throttlesAlarm } from './function-alarms';
import { givenUpAlarms } from './mapping-alarms';
import { ownMetric, percentBeside, percentOf } from './metrics';
import { tableAlarms } from './table-alarms';

export interface AggregationResources {
  readonly aggregator: IFunction;
  readonly mapping: IEventSourceMapping;
  readonly compactor: IFunction;
  readonly table: AggregatesTable;
}

/** The alarms of the aggregation's stack. */
export function aggregationAlarms(
  { aggregator, mapping, compactor, table }: AggregationResources,
  settings: Settings,
): readonly AlarmRule[] {
  return [
    ...aggregatorAlarms(aggregator, settings),
    ...givenUpAlarms(mapping, aggregator, {
      delivered: {
        id: 'BatchesGivenUp',
        meaning: 'Records were given up, and lie in the on-failure bucket, not counted.',
      },
      dropped: {
        id: 'BatchesDropped',
        meaning:
          'Records were given up without an object in the on-failure bucket: the archive alone has them.',
      },
      refused: { id: 'OnFailureRefused', meaning: 'The on-failure bucket refuses what is given up.' },
    }),
    ...tableAlarms(table),
    ...eventAlarms(settings),
    ...compactionAlarms(compactor, settings),
  ];
}

function aggregatorAlarms(aggregator: IFunction, settings: Settings): readonly AlarmRule[] {
  const ofFunction = functionMetrics(aggregator);
  const { batchingWindowSeconds, aggregatorTimeoutSeconds, heartbeatMinutes } = settings;
  const silentMinutes = heartbeatMinutes && heartbeatMinutes + Math.ceil(batchingWindowSeconds / 60);
  return [
    behindAlarm(
      'AggregatorBehind',
      aggregator,
      'The counters are behind the stream: the aggregator fails, or has not enough shards or memory.',
      settings,
    ),
    errorsAlarm(
      'AggregatorErrors',
      aggregator,
      'The aggregator crashes or times out: its batches wait, and are tried again until they are too old.',
    ),
    throttlesAlarm(
      'AggregatorThrottled',
      aggregator,
      'Lambda refuses to run the aggregator, for want of concurrency: its batches wait.',
    ),
    slowAlarm(
      'AggregatorSlow',
      aggregator,
      aggregatorTimeoutSeconds,
      'The slowest batches come near the time-out of the aggregator.',
    ),
    ...heartbeat(
      {
        id: 'NothingCounted',
        meaning: `The aggregator was not called for ${silentMinutes} minutes: no clicks, or its mapping does not run.`,
        metric: ofFunction({ name: 'Invocations', statistic: 'Sum', periodSeconds: 60 }),
      },
      silentMinutes,
    ),
  ];
}

/** What comes in, good or bad. */
function eventAlarms(settings: Settings): readonly AlarmRule[] {
  const events = (name: string) =>
    ownMetric(settings, aggregatorService, { name, statistic: 'Sum', periodSeconds: 300 });
  const valid = events(AggregatorMetric.valid);
  return [
    {
      id: 'InvalidShare',
      meaning: `More than ${settings.invalidSharePercent} % of what comes in is no event.`,
      metric: percentBeside(valid, events(AggregatorMetric.invalid)),
      is: 'above',
      threshold: settings.invalidSharePercent,
      breaching: [3, 3],
      withoutData: 'is fine',
    },
    {
      id: 'LateShare',
      meaning: `More than ${settings.lateSharePercent} % of the events come more than an hour late.`,
      metric: percentOf(valid, events(AggregatorMetric.late)),
      is: 'above',
      threshold: settings.lateSharePercent,
      breaching: [3, 3],
      withoutData: 'is fine',
    },
  ];
}
