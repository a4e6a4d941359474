import { AggregatorEnvironment, FunctionEnvironment } from '../lambda/aggregator/contract';

/** What every function reads of its environment. */
export const deploymentNames = {
  [FunctionEnvironment.project]: 'clickstream',
  [FunctionEnvironment.stage]: 'prod',
};

/** What the aggregator reads of its environment, for counters alone. */
export const countersAlone = {
  ...deploymentNames,
  [AggregatorEnvironment.tableName]: 'aggregates',
  [AggregatorEnvironment.minuteRetentionDays]: '35',
  [AggregatorEnvironment.hourRetentionDays]: '400',
  [AggregatorEnvironment.deduplicationSeconds]: '0',
  [AggregatorEnvironment.streamRetentionHours]: '72',
  [AggregatorEnvironment.uniqueVisitors]: 'off',
  AWS_REGION: 'us-east-1',
};
