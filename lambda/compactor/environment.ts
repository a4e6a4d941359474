import type { RetentionDays } from '../../domain/counters/retention';
import { byWindowSize } from '../../domain/counters/window';
import { type Environment, environmentReader } from '../../domain/function/function-environment';
import { CompactorEnvironment as names, retentionVariable } from './contract';

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
    retentionDays: byWindowSize((size) => whole(retentionVariable(size), 1, 'days')),
  };
}
