import { RemovalPolicy } from 'aws-cdk-lib';
import type { Stage } from './settings';

/**
 * What becomes of data when its stack is deleted: prod keeps it, dev leaves nothing. Either way a creation that is
 * rolled back leaves nothing behind: with plain RETAIN every failed first deploy would leave a stream and a table that
 * nobody uses.
 */
export function dataRemovalPolicy(stage: Stage): RemovalPolicy {
  return stage === 'prod' ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
}
