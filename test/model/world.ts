import { Aggregator } from './deployment/aggregator';
import { Compactor } from './deployment/compactor';
import { createDeployment, type Deployment } from './deployment/deployment';
import { Readers } from './deployment/readers';
import { Recovery } from './deployment/recovery';
import { PointInTimeRestore } from './deployment/restore';

/** A deployment, and all that runs on it. */
export interface World extends Deployment {
  readonly aggregator: Aggregator;
  readonly compactor: Compactor;
  readonly readers: Readers;
  readonly recovery: Recovery;
  readonly restore: PointInTimeRestore;
}

export function createWorld(seed: number): World {
  const deployment = createDeployment(seed);
  const aggregator = new Aggregator(deployment);
  const compactor = new Compactor(deployment);
  return {
    ...deployment,
    aggregator,
    compactor,
    readers: new Readers(deployment),
    recovery: new Recovery(deployment),
    restore: new PointInTimeRestore(deployment, aggregator, compactor),
  };
}
