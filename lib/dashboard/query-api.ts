import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { pipelineName } from '../../contract/stack-outputs';
import { retentionDaysOf } from '../../domain/counters/retention';
import { QueryEnvironment } from '../../lambda/query/contract';
import type { AggregatesTable } from '../aggregates-table';
import { BundledFunction, type EnvironmentOf } from '../bundled-function';
import type { Settings } from '../settings';

export interface QueryApiProps {
  readonly settings: Settings;
  readonly table: AggregatesTable;
}

/** Some ten pages that are looked at; a page asks for a dozen answers every five seconds. */
const throttle = { rateLimit: 30, burstLimit: 60 };

/** The query API: a function that reads the table, behind an HTTP API that lets in whoever has a token. */
export class QueryApi extends Construct {
  readonly api: HttpApi;
  private readonly integration: HttpLambdaIntegration;

  constructor(scope: Construct, id: string, { settings, table }: QueryApiProps) {
    super(scope, id);
    const bundled = new BundledFunction(this, 'Handler', {
      description: 'Answers the dashboard from the aggregates table',
      entry: join(__dirname, '../../lambda/query/handler.ts'),
      memorySize: 1_024,
      // An HTTP API waits for 30 seconds.
      timeout: Duration.seconds(29),
      reservedConcurrency: 0,
      environment: {
        [QueryEnvironment.tableName]: table.tableName,
        [QueryEnvironment.pipeline]: pipelineName(settings),
        [QueryEnvironment.uniqueVisitors]: settings.uniqueVisitors,
        [QueryEnvironment.retentionDays]: Object.values(retentionDaysOf(settings)).join(','),
      } satisfies EnvironmentOf<typeof QueryEnvironment>,
      settings,
    });
    table.grantQuery(bundled.role);

    this.api = new HttpApi(this, 'Api', {
      description: 'Counters of the click stream',
      createDefaultStage: false,
    });
    const accessLogs = new LogGroup(this, 'AccessLogs', {
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle,
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLogs),
        // No address, no user, and no query, in which values of visitors may stand.
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: '$context.requestId',
            time: '$context.requestTimeEpoch',
            route: '$context.routeKey',
            status: '$context.status',
            latencyMs: '$context.responseLatency',
            error: '$context.authorizer.error',
          }),
        ),
      },
    });
    this.integration = new HttpLambdaIntegration('Query', bundled.function);
  }

  /** Answers those whom an authorizer lets in. */
  serve(authorizer: IHttpRouteAuthorizer): void {
    this.api.addRoutes({
      path: '/api/{proxy+}',
      methods: [HttpMethod.GET, HttpMethod.HEAD],
      integration: this.integration,
      authorizer,
    });
  }
}
