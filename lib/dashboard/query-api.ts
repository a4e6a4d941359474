import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { type ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Settings } from '../settings';
import type { QueryFunctions } from './query-functions';

export interface QueryApiProps {
  readonly settings: Settings;
  readonly functions: QueryFunctions;
}

/** Some ten pages that are looked at; a page asks for a dozen answers every five seconds. */
const throttle = { rateLimit: 30, burstLimit: 60 };

/** The query API as an HTTP API, which lets in whoever has a token. */
export class QueryApi extends Construct {
  readonly api: HttpApi;
  readonly accessLogs: ILogGroup;
  private readonly routes: Readonly<Record<string, HttpLambdaIntegration>>;

  constructor(scope: Construct, id: string, { settings, functions }: QueryApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      description: 'Counters of the click stream',
      createDefaultStage: false,
    });
    this.accessLogs = new LogGroup(this, 'AccessLogs', {
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle,
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.accessLogs),
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
    this.routes = {
      '/api/{proxy+}': new HttpLambdaIntegration('Query', functions.queries.function),
      '/api/health': new HttpLambdaIntegration('Health', functions.health.function),
    };
  }

  /** Answers those whom an authorizer lets in. */
  serve(authorizer: IHttpRouteAuthorizer): void {
    for (const [path, integration] of Object.entries(this.routes)) {
      this.api.addRoutes({ path, methods: [HttpMethod.GET, HttpMethod.HEAD], integration, authorizer });
    }
  }
}
