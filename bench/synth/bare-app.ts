import { App } from 'aws-cdk-lib';
import { bareStacks } from './bare-stacks';

bareStacks(new App());
