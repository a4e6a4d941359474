import { CfnResource, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Settings } from './settings';

// The id that `autoDeleteObjects` gives its provider, one for all buckets of a stack.
const providerId = 'Custom::S3AutoDeleteObjectsCustomResourceProvider';

/**
 * Gives the function that empties the stack's dev buckets a log group of the stack, and a role that can write to this
 * group only. As CDK makes it, the function logs into a group that Lambda creates by itself and that stays behind
 * when the stack is deleted. Call it after the buckets; without emptying buckets it does nothing.
 */
export function containAutoDelete(stack: Stack, settings: Settings): void {
  const provider = stack.node.tryFindChild(providerId);
  if (!provider) return;
  const handler = provider.node.findChild('Handler');
  const role = provider.node.findChild('Role');
  if (!CfnResource.isCfnResource(handler) || !CfnResource.isCfnResource(role)) {
    throw new Error(`${providerId}: expected the CloudFormation resources Handler and Role below it`);
  }

  const logGroup = new LogGroup(stack, 'AutoDeleteLogs', {
    retention: settings.logRetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  // The function names the role, which implies the dependency; cfn-lint reports an explicit one as a mistake.
  handler.removeResourceDependency(role);
  handler.addPropertyOverride('LoggingConfig', { LogGroup: logGroup.logGroupName });
  role.addPropertyDeletionOverride('ManagedPolicyArns');
  role.addPropertyOverride('Policies', [
    {
      PolicyName: 'Logs',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: logGroup.logGroupArn,
          },
        ],
      },
    },
  ]);
}
