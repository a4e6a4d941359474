import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { type IPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Settings } from './settings';

/** Makes a function's log group and its role, which may write to that group and do nothing else. */
export function loggingRole(
  scope: Construct,
  settings: Settings,
): { readonly role: Role; readonly logGroup: LogGroup } {
  // Ours rather than the one Lambda makes by itself: that one keeps logs for ever and outlives the stack.
  const logGroup = new LogGroup(scope, 'Logs', {
    retention: settings.logRetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  // Not the managed AWSLambdaBasicExecutionRole, which writes to every log group of the account.
  const role = new Role(scope, 'Role', { assumedBy: lambdaPrincipal() });
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
  );
  return { role, logGroup };
}

/**
 * Lambda as whoever assumes a function's role, on behalf of this account only (AWS docs: The confused deputy problem).
 * Firehose's role has no such condition: decision 15 says why.
 */
function lambdaPrincipal(): IPrincipal {
  return new ServicePrincipal('lambda.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  });
}
