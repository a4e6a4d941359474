import type { WindowSize } from '../../domain/window';
import { AggregatorEnvironment } from './contract';

export interface AggregatorSettings {
  readonly tableName: string;
  readonly retentionDays: Readonly<Record<WindowSize, number>>;
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
  const days = (name: string): number => {
    const value = Number(text(name));
    if (!Number.isInteger(value) || value < 1) {
      throw new Error(
        `environment variable ${name} is "${environment[name]}": must be a whole number of days from 1`,
      );
    }
    return value;
  };
  return {
    tableName: text(AggregatorEnvironment.tableName),
    retentionDays: {
      minute: days(AggregatorEnvironment.minuteRetentionDays),
      hour: days(AggregatorEnvironment.hourRetentionDays),
    },
  };
}
