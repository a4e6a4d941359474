import type { RetentionDays } from '../../domain/counters/retention';
import { byWindowSize, windowSizes } from '../../domain/counters/window';
import { type Environment, environmentReader } from '../../domain/function/function-environment';
import { type UniqueVisitorScope, uniqueVisitorScopes } from '../../domain/visitors/uniques';
import { QueryEnvironment as names } from './contract';

export interface QuerySettings {
  readonly tableName: string;
  readonly pipeline: string;
  readonly uniqueVisitors: UniqueVisitorScope;
  readonly retentionDays: RetentionDays;
}

/** @throws Error that names the variable, its value and what is allowed */
export function readEnvironment(environment: Environment): QuerySettings {
  const { text, oneOf } = environmentReader(environment);
  return {
    tableName: text(names.tableName),
    pipeline: text(names.pipeline),
    uniqueVisitors: oneOf(names.uniqueVisitors, uniqueVisitorScopes),
    retentionDays: parseDays(text(names.retentionDays)),
  };
}

function parseDays(text: string): RetentionDays {
  const days = text.split(',').map(Number);
  if (days.length !== windowSizes.length || !days.every((number) => Number.isInteger(number) && number > 0)) {
    throw new Error(
      `environment variable ${names.retentionDays} is "${text}": must be days of ${windowSizes.join(', ')}`,
    );
  }
  return byWindowSize((size) => days[windowSizes.indexOf(size)]!);
}
