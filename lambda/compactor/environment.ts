import type { RetentionDays } from '../../domain/counters/item';
import { type Environment, environmentReader } from '../../domain/function/function-environment';
import { CompactorEnvironment as names } from './contract';

export interface CompactorSettings {
  readonly tableName: string;
  readonly compactionSeconds: number;
  readonly logDays: number;
  readonly retentionDays: RetentionDays;
}

/** @throws Error that names the variable, its value and what is allowed */
export function readEnvironment(environment: Environment): CompactorSettings {
  const { text, whole } = environmentReader(environment);
  return {
    tableName: text(names.tableName),
    compactionSeconds: whole(names.compactionSeconds, 0, 'seconds'),
    logDays: whole(names.logDays, 1, 'days'),
    retentionDays: {
      minute: whole(names.minuteRetentionDays, 1, 'days'),
      hour: whole(names.hourRetentionDays, 1, 'days'),
      day: whole(names.dayRetentionDays, 1, 'days'),
    },
  };
}
