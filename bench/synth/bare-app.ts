import { App, CfnWaitConditionHandle, Stack } from 'aws-cdk-lib';

/** Two stacks with the resource that takes least: CloudFormation, and so CDK's validation, refuses a stack without any. */
export function bareStacks(app: App): Stack[] {
  return ['first', 'second'].map((name) => new CfnWaitConditionHandle(new Stack(app, name), 'Handle').stack);
}

if (require.main === module) bareStacks(new App());
