import type { App } from 'aws-cdk-lib';
import { HttpUserPoolAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { type ExtensionOutputName, ExtensionOutputs } from '../contract/stack-outputs';
import type { AggregatesTable } from './aggregates-table';
import { dashboardAlarms } from './alarms/dashboard-alarms';
import { containAutoDelete } from './auto-delete';
import { PageDeployment } from './dashboard/page-deployment';
import { PageSite } from './dashboard/page-site';
import { QueryApi } from './dashboard/query-api';
import { QueryFunctions } from './dashboard/query-functions';
import { SignIn } from './dashboard/sign-in';
import { functionQueries, LogQueries, type LogQuery } from './log-queries';
import type { OnFailureBucket } from './on-failure-bucket';
import { PipelineStack, type PipelineStackProps } from './pipeline-stack';

export interface DashboardStackProps extends PipelineStackProps {
  readonly table: AggregatesTable;
  readonly onFailure: OnFailureBucket;
  /** Whom the alarms tell. */
  readonly alarmTopic: ITopic;
}

/**
 * The dashboard behind a login: page and API at one address, for the users of a pool. It reads the table, and how the
 * pipeline is, and no more.
 */
export class DashboardStack extends PipelineStack {
  constructor(app: App, { settings, table, onFailure, alarmTopic }: DashboardStackProps) {
    super(app, settings, {
      application: 'dashboard',
      purpose: 'Click dashboard behind a login',
      data: 'its users',
    });
    const signIn = new SignIn(this, 'SignIn', { settings });
    const functions = new QueryFunctions(this, 'Queries', { settings, table, onFailure });
    const { queries, health, timeoutSeconds } = functions;
    const queryApi = new QueryApi(this, 'Http', { settings, functions });
    const { api, accessLogs } = queryApi;
    const site = new PageSite(this, 'Site', {
      api,
      connectTo: [signIn.issuer, signIn.domain],
    });
    const client = signIn.addPage('Page', site.address);
    queryApi.serve(new HttpUserPoolAuthorizer('SignedIn', signIn.userPool, { userPoolClients: [client] }));
    new PageDeployment(this, 'Deployment', {
      settings,
      site,
      signIn: {
        authority: signIn.authority,
        clientId: client.userPoolClientId,
        signOut: `${signIn.domain}/logout`,
      },
    });
    this.addAlarms(dashboardAlarms({ api, queries: queries.function, timeoutSeconds }), alarmTopic);
    new LogQueries(this, 'LogQueries', {
      queries: [
        ...accessQueries(accessLogs),
        ...functionQueries('Query', queries.logGroup),
        ...functionQueries('Health', health.logGroup),
      ],
    });
    containAutoDelete(this, settings);

    const outputs = ExtensionOutputs.dashboard;
    this.addOutputs({
      [outputs.address]: site.address,
      [outputs.userPoolId]: signIn.userPool.userPoolId,
    } satisfies Record<ExtensionOutputName<'dashboard'>, string>);
  }
}

/** By the fields of the API's access log, which names nobody. */
function accessQueries(logGroup: ILogGroup): readonly LogQuery[] {
  return [
    {
      title: 'Dashboard: what is not answered, and why',
      logGroup,
      filter: 'status >= 400',
      stats: 'count(*) as requests, max(latencyMs) as longestMs by status, error, route, bin(5m)',
    },
  ];
}
