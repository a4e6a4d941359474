import type { Settings } from '../../lib/settings';
import { type CostLine, costLine } from '../cost-line';
import { assumed, measured } from '../measured';
import type { PriceList } from '../prices';
import { secondsPerHour } from '../units';
import { lambdaLines } from './lambda';

/** Of the hosted dashboard, by the hours that a page of it is open. Without it there is none. */
export function dashboardLines(
  shards: number,
  { dashboard, alarms }: Pick<Settings, 'dashboard' | 'alarms'>,
  list: PriceList,
): CostLine[] {
  if (dashboard === 'off') return [];
  const { prices } = list;
  const { pageHours, requestsPerRefresh, refreshSeconds, milliseconds, memoryMiB, users } = assumed.dashboard;
  const { healthAsksPerHour, metricsRequests } = assumed.dashboard;
  const healthAsks = pageHours * healthAsksPerHour;
  const count = pageHours * (secondsPerHour / refreshSeconds) * requestsPerRefresh;
  return [
    costLine('API Gateway', 'dashboard: requests', count, prices.httpApiRequest),
    costLine('CloudFront', 'dashboard: requests', count, prices.cloudFrontRequest),
    costLine('Cognito', 'dashboard: users', users, prices.user),
    ...lambdaLines('query', { count, milliseconds, memoryMiB }, list),
    // Its instances share nothing, so that each request may read the entries and what is new of each shard.
    costLine('DynamoDB', 'dashboard: what is new', count * (1 + shards), prices.tableReadUnit),
    ...(alarms
      ? [
          costLine(
            'CloudWatch',
            'dashboard: health of the pipeline',
            healthAsks * metricsRequests,
            prices.metricsApiRequest,
          ),
          costLine(
            'CloudWatch',
            'dashboard: metrics under an alarm',
            measured.dashboard.alarmMetrics,
            prices.alarmMetric,
          ),
        ]
      : []),
    // A list is charged as a PUT.
    costLine('S3', 'dashboard: given-up batches', healthAsks, prices.objectPut),
  ];
}
