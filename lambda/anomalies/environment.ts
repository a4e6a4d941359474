import { type Environment, environmentReader } from '../../domain/function/function-environment';
import { type UniqueVisitorScope, uniqueVisitorScopes } from '../../domain/visitors/uniques';
import { AnomaliesEnvironment as names } from './contract';

export interface AnomaliesSettings {
  readonly tableName: string;
  readonly compactionSeconds: number;
  readonly hourRetentionDays: number;
  readonly uniqueVisitors: UniqueVisitorScope;
}

/** @throws Error that names the variable, its value and what is allowed */
export function readEnvironment(environment: Environment): AnomaliesSettings {
  const { text, whole, oneOf } = environmentReader(environment);
  return {
    tableName: text(names.tableName),
    compactionSeconds: whole(names.compactionSeconds, 0, 'seconds'),
    hourRetentionDays: whole(names.hourRetentionDays, 1, 'days'),
    uniqueVisitors: oneOf(names.uniqueVisitors, uniqueVisitorScopes),
  };
}
