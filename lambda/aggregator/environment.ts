import { type Environment, environmentReader } from '../../domain/function/function-environment';
import { type UniqueVisitorScope, uniqueVisitorScopes } from '../../domain/visitors/uniques';
import { AggregatorEnvironment as names } from './contract';

export interface AggregatorSettings {
  readonly tableName: string;
  /** 0 removes no duplicates. */
  readonly deduplicationSeconds: number;
  readonly uniqueVisitors: UniqueVisitorScope;
  /** 0 for any age. */
  readonly minutesForDays: number;
  readonly logDays: number;
}

/** @throws Error that names the variable, its value and what is allowed */
export function readEnvironment(environment: Environment): AggregatorSettings {
  const { text, whole, oneOf } = environmentReader(environment);
  return {
    tableName: text(names.tableName),
    deduplicationSeconds: whole(names.deduplicationSeconds, 0, 'seconds'),
    uniqueVisitors: oneOf(names.uniqueVisitors, uniqueVisitorScopes),
    minutesForDays: whole(names.minutesForDays, 0, 'days'),
    logDays: whole(names.logDays, 1, 'days'),
  };
}
