import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Outcome } from './aggregate';

/** Writes what became of a batch as one log line and as embedded metrics. Counts only: no event, no visitor. */
export function reportOutcome(shard: string, outcome: Outcome, logger: Logger, metrics: Metrics): void {
  const { invalidByReason, unfinishedByError, lowestUnfinished, ...counts } = outcome;
  const details = {
    shard,
    ...counts,
    invalidByReason: Object.fromEntries(invalidByReason),
    ...(lowestUnfinished
      ? { lowestUnfinished, unfinishedByError: Object.fromEntries(unfinishedByError) }
      : {}),
  };
  if (lowestUnfinished) logger.warn('batch counted in part', details);
  else logger.info('batch counted', details);

  const add = (name: string, value: number): Metrics => metrics.addMetric(name, MetricUnit.Count, value);
  add('Records', outcome.records);
  add('EventsValid', outcome.valid);
  add('EventsLate', outcome.late);
  add('DuplicatesRemoved', outcome.duplicates);
  add(
    'EventsInvalid',
    [...invalidByReason.values()].reduce((total, count) => total + count, 0),
  );
  add('ItemsWritten', outcome.itemsWritten);
  add('SketchesWritten', outcome.sketchesWritten);
  add('WritesRetried', outcome.writesRetried);
  add('RecordsAlreadyCounted', outcome.recordsAlreadyCounted);
  add('ValuesCut', outcome.valuesCut);
  add('ValuesWithoutRoom', outcome.valuesWithoutRoom);
  add('BatchesUnfinished', lowestUnfinished ? 1 : 0);
  metrics.publishStoredMetrics();
  for (const [reason, count] of invalidByReason) {
    metrics
      .singleMetric()
      .addDimension('reason', reason)
      .addMetric('EventsInvalidByReason', MetricUnit.Count, count);
  }
}
