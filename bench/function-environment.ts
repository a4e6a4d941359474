import { FunctionEnvironment } from '../domain/function/function-log';
import { AggregatorEnvironment } from '../lambda/aggregator/contract';
import { CompactorEnvironment, retentionVariable } from '../lambda/compactor/contract';

/** What every function reads of its environment. */
export const deploymentNames = {
  [FunctionEnvironment.project]: 'clickstream',
  [FunctionEnvironment.stage]: 'prod',
};

/** What the aggregator reads of its environment, for counters alone. */
export const countersAlone = {
  ...deploymentNames,
  [AggregatorEnvironment.tableName]: 'aggregates',
  [AggregatorEnvironment.minutesForDays]: '0',
  [AggregatorEnvironment.logDays]: '14',
  [AggregatorEnvironment.deduplicationSeconds]: '0',
  [AggregatorEnvironment.uniqueVisitors]: 'off',
  AWS_REGION: 'us-east-1',
};

/** What the compactor reads beside that. */
export const forCompactor = {
  [CompactorEnvironment.compactionSeconds]: '300',
  [retentionVariable('minute')]: '35',
  [retentionVariable('hour')]: '400',
  [retentionVariable('day')]: '1100',
};
