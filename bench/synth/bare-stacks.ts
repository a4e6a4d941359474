import { type App, CfnWaitConditionHandle, Stack } from 'aws-cdk-lib';

/** Two, with the resource that takes least: CloudFormation, and so CDK's validation, refuses a stack without any. */
export function bareStacks(app: App): Stack[] {
  return ['first', 'second'].map((name) => new CfnWaitConditionHandle(new Stack(app, name), 'Handle').stack);
}
