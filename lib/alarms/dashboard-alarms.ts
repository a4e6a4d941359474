import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { AlarmRule } from './alarm-rule';
import { errorsAlarm, slowAlarm, throttlesAlarm } from './function-alarms';
import { type MetricRequest, metric, percentOf } from './metrics';

export interface DashboardResources {
  readonly api: HttpApi;
  readonly queries: IFunction;
  /** Of `queries`. */
  readonly timeoutSeconds: number;
}

/** Per cent of a minute's requests. */
const alarmingFailures = 5;
/** Of five minutes: five a second, a sixth of what the API takes. A page whose token has expired is refused a dozen times. */
const alarmingRefusals = 1_500;

/** The alarms of the hosted dashboard: whether it answers, and whether somebody knocks who gets nothing. */
export function dashboardAlarms({ api, queries, timeoutSeconds }: DashboardResources): readonly AlarmRule[] {
  // Of the whole API; those of a route are sent if one pays for them (API Gateway docs: Monitor CloudWatch metrics for
  // HTTP APIs). Their names are not those of a REST API, `4XXError` and `5XXError`.
  const ofApi = (request: MetricRequest) => metric('AWS/ApiGateway', { ApiId: api.apiId }, request);
  const perMinute = { statistic: 'Sum', periodSeconds: 60 } as const;
  return [
    {
      id: 'DashboardFails',
      meaning:
        'The API of the hosted dashboard answers with errors of its own: pages keep their old numbers.',
      metric: percentOf(ofApi({ name: 'Count', ...perMinute }), ofApi({ name: '5xx', ...perMinute })),
      is: 'above',
      threshold: alarmingFailures,
      breaching: [2, 3],
      withoutData: 'is fine',
    },
    {
      id: 'DashboardRefuses',
      meaning:
        'The API of the hosted dashboard refuses many requests: somebody asks without a token, or more pages are open than it takes.',
      metric: ofApi({ name: '4xx', statistic: 'Sum', periodSeconds: 300 }),
      is: 'above',
      threshold: alarmingRefusals,
      breaching: [3, 3],
      withoutData: 'is fine',
    },
    errorsAlarm(
      'QueryErrors',
      queries,
      'The query function of the hosted dashboard crashes or times out: pages keep their old numbers.',
    ),
    throttlesAlarm(
      'QueryThrottled',
      queries,
      'Lambda refuses to run the query function, for want of concurrency, which the aggregator may lack as well.',
    ),
    slowAlarm(
      'QuerySlow',
      queries,
      timeoutSeconds,
      'The slowest answers come near the time-out of the query function.',
    ),
  ];
}
