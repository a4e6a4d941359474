import { AggregatorEnvironment } from '../lambda/aggregator/contract';

/** What the aggregator reads of its environment, for counters alone. */
export const countersAlone = {
  [AggregatorEnvironment.tableName]: 'aggregates',
  [AggregatorEnvironment.minuteRetentionDays]: '35',
  [AggregatorEnvironment.hourRetentionDays]: '400',
  [AggregatorEnvironment.deduplicationSeconds]: '0',
  [AggregatorEnvironment.streamRetentionHours]: '72',
  [AggregatorEnvironment.uniqueVisitors]: 'off',
  AWS_REGION: 'us-east-1',
};
