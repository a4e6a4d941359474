import { RemovalPolicy } from 'aws-cdk-lib';
import type { Stage } from './settings';

/** What becomes of data when its stack is deleted: prod keeps it, dev leaves nothing. */
export function dataRemovalPolicy(stage: Stage): RemovalPolicy {
  return stage === 'prod' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}
