import { App, CfnWaitConditionHandle, Stack } from 'aws-cdk-lib';

const app = new App();
// The resource that takes least: CloudFormation, and so CDK's validation, refuses a stack without any.
for (const name of ['first', 'second']) new CfnWaitConditionHandle(new Stack(app, name), 'Handle');
