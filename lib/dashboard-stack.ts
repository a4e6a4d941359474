import type { App } from 'aws-cdk-lib';
import { HttpUserPoolAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { type ExtensionOutputName, ExtensionOutputs } from '../contract/stack-outputs';
import type { AggregatesTable } from './aggregates-table';
import { containAutoDelete } from './auto-delete';
import { PageDeployment } from './dashboard/page-deployment';
import { PageSite } from './dashboard/page-site';
import { QueryApi } from './dashboard/query-api';
import { SignIn } from './dashboard/sign-in';
import { PipelineStack, type PipelineStackProps } from './pipeline-stack';

export interface DashboardStackProps extends PipelineStackProps {
  readonly table: AggregatesTable;
}

/** The dashboard behind a login: page and API at one address, for the users of a pool. It reads the table, and no more. */
export class DashboardStack extends PipelineStack {
  constructor(app: App, { settings, table }: DashboardStackProps) {
    super(app, settings, {
      application: 'dashboard',
      purpose: 'Click dashboard behind a login',
      data: 'its users',
    });
    const signIn = new SignIn(this, 'SignIn', { settings });
    const queries = new QueryApi(this, 'Queries', { settings, table });
    const site = new PageSite(this, 'Site', {
      api: queries.api,
      connectTo: [signIn.issuer, signIn.domain],
    });
    const client = signIn.addPage('Page', site.address);
    queries.serve(new HttpUserPoolAuthorizer('SignedIn', signIn.userPool, { userPoolClients: [client] }));
    new PageDeployment(this, 'Deployment', {
      settings,
      site,
      signIn: { authority: signIn.authority, clientId: client.userPoolClientId },
    });
    containAutoDelete(this, settings);

    const outputs = ExtensionOutputs.dashboard;
    this.addOutputs({
      [outputs.address]: site.address,
      [outputs.userPoolId]: signIn.userPool.userPoolId,
    } satisfies Record<ExtensionOutputName<'dashboard'>, string>);
  }
}
