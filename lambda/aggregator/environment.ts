import type { WindowSize } from '../../domain/window';
import { AggregatorEnvironment, type UniqueVisitorScope, uniqueVisitorScopes } from './contract';

export interface AggregatorSettings {
  readonly tableName: string;
  readonly retentionDays: Readonly<Record<WindowSize, number>>;
  /** 0 removes no duplicates. */
  readonly deduplicationSeconds: number;
  readonly streamRetentionHours: number;
  readonly uniqueVisitors: UniqueVisitorScope;
}

/** @throws Error that names the variable, its value and what is allowed */
export function readEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): AggregatorSettings {
  const text = (name: string): string => {
    const value = environment[name];
    if (!value) throw new Error(`environment variable ${name} is not set`);
    return value;
  };
  const whole = (name: string, least: number, unit: string): number => {
    const value = Number(text(name));
    if (!Number.isInteger(value) || value < least) {
      throw new Error(
        `environment variable ${name} is "${environment[name]}": must be a whole number of ${unit} from ${least}`,
      );
    }
    return value;
  };
  const scope = (name: string): UniqueVisitorScope => {
    const value = text(name);
    const found = uniqueVisitorScopes.find((candidate) => candidate === value);
    if (!found) {
      throw new Error(
        `environment variable ${name} is "${value}": must be one of ${uniqueVisitorScopes.join(', ')}`,
      );
    }
    return found;
  };
  return {
    tableName: text(AggregatorEnvironment.tableName),
    retentionDays: {
      minute: whole(AggregatorEnvironment.minuteRetentionDays, 1, 'days'),
      hour: whole(AggregatorEnvironment.hourRetentionDays, 1, 'days'),
    },
    deduplicationSeconds: whole(AggregatorEnvironment.deduplicationSeconds, 0, 'seconds'),
    streamRetentionHours: whole(AggregatorEnvironment.streamRetentionHours, 1, 'hours'),
    uniqueVisitors: scope(AggregatorEnvironment.uniqueVisitors),
  };
}
