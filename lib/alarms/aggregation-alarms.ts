import type { IEventSourceMapping, IFunction } from 'aws-cdk-lib/aws-lambda';
import { AggregatorMetric, aggregatorService } from '../../lambda/aggregator/contract';
import type { AggregatesTable } from '../aggregates-table';
import type { Settings } from '../settings';
import { type AlarmRule, heartbeat, mostOfFiveMinutes, onceInAQuarter } from './alarm-rule';
import { compactionAlarms } from './compaction-alarms';
import { errorsAlarm, functionMetrics, slowAlarm, throttlesAlarm } from './function-alarms';
import { metric, ownMetric, percentBeside, percentOf } from './metrics';
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
    ...givenUpAlarms(mapping, aggregator),
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
    {
      id: 'AggregatorBehind',
      meaning:
        'The counters are behind the stream: the aggregator fails, or has not enough shards or memory.',
      metric: ofFunction({ name: 'IteratorAge', statistic: 'Maximum', periodSeconds: 60 }),
      is: 'above',
      threshold: Math.max(60, 20 * batchingWindowSeconds) * 1_000,
      breaching: mostOfFiveMinutes,
      withoutData: 'is fine',
    },
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

/** What happens to batches that are not tried any more. */
function givenUpAlarms(mapping: IEventSourceMapping, aggregator: IFunction): readonly AlarmRule[] {
  const any = { is: 'above', threshold: 0, breaching: onceInAQuarter, withoutData: 'is fine' } as const;
  const ofMapping = (name: string) =>
    metric(
      'AWS/Lambda',
      { EventSourceMappingUUID: mapping.eventSourceMappingId },
      { name, statistic: 'Sum', periodSeconds: 60 },
    );
  return [
    {
      id: 'BatchesGivenUp',
      meaning: 'Records were given up, and lie in the on-failure bucket, not counted.',
      metric: ofMapping('OnFailureDestinationDeliveredEventCount'),
      ...any,
    },
    {
      id: 'BatchesDropped',
      meaning:
        'Records were given up without an object in the on-failure bucket: the archive alone has them.',
      metric: ofMapping('DroppedEventCount'),
      ...any,
    },
    {
      id: 'OnFailureRefused',
      meaning: 'The on-failure bucket refuses what is given up.',
      metric: functionMetrics(aggregator)({
        name: 'DestinationDeliveryFailures',
        statistic: 'Sum',
        periodSeconds: 60,
      }),
      ...any,
    },
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
