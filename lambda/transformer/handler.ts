import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { metricsNamespace } from '../../domain/metrics';
import { transform } from './transform';

const serviceName = 'transformer';
const logger = new Logger({ serviceName });
const metrics = new Metrics({ namespace: metricsNamespace, serviceName });

/** Makes archive lines of the records that Firehose hands over. */
export async function handler(event: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> {
  const { answers, invalidByReason, ...counts } = transform(event.records);
  const invalid = [...invalidByReason.values()].reduce((total, count) => total + count, 0);
  logger.info('batch transformed', {
    records: answers.length,
    ...counts,
    invalidByReason: Object.fromEntries(invalidByReason),
  });
  metrics.addMetric('Records', MetricUnit.Count, answers.length);
  metrics.addMetric('EventsValid', MetricUnit.Count, counts.valid);
  metrics.addMetric('EventsLate', MetricUnit.Count, counts.late);
  metrics.addMetric('EventsInvalid', MetricUnit.Count, invalid);
  metrics.addMetric('RecordsFailed', MetricUnit.Count, counts.recordsFailed);
  metrics.addMetric('RecordsWithoutRoom', MetricUnit.Count, counts.recordsWithoutRoom);
  metrics.publishStoredMetrics();
  return { records: [...answers] };
}
