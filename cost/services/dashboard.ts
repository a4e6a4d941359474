import type { Settings } from '../../lib/settings';
import { type CostLine, costLine } from '../cost-line';
import { assumed } from '../measured';
import type { PriceList } from '../prices';
import { secondsPerHour } from '../units';
import { lambdaLines } from './lambda';

/** Of the hosted dashboard, by the hours that a page of it is open. Without it there is none. */
export function dashboardLines(
  shards: number,
  { dashboard }: Pick<Settings, 'dashboard'>,
  list: PriceList,
): CostLine[] {
  if (dashboard === 'off') return [];
  const { prices } = list;
  const { pageHours, requestsPerRefresh, refreshSeconds, milliseconds, memoryMiB, users } = assumed.dashboard;
  const count = pageHours * (secondsPerHour / refreshSeconds) * requestsPerRefresh;
  return [
    costLine('API Gateway', 'dashboard: requests', count, prices.httpApiRequest),
    costLine('CloudFront', 'dashboard: requests', count, prices.cloudFrontRequest),
    costLine('Cognito', 'dashboard: users', users, prices.user),
    ...lambdaLines('query', { count, milliseconds, memoryMiB }, list),
    // Its instances share nothing, so that each request may read the entries and what is new of each shard.
    costLine('DynamoDB', 'dashboard: what is new', count * (1 + shards), prices.tableReadUnit),
  ];
}
