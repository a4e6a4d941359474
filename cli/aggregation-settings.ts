import type { AwsAccess } from './aws-access';
import { SetupError } from './setup-error';
import { readStackOutput } from './stack-output';

/** What the aggregator was deployed with, as far as whoever recomputes or checks its counters must know it. */
export interface AggregationSettings {
  readonly minuteRetentionDays: number;
  readonly hourRetentionDays: number;
  readonly dayRetentionDays: number;
  /** Days that a shard's deltas live. */
  readonly logDays: number;
  /** Age at which a batch is given up. */
  readonly maxRecordAgeSeconds: number;
  /** 0 if duplicates are not removed. */
  readonly deduplicationSeconds: number;
  readonly uniqueVisitors: 'off' | 'total' | 'page';
}

/** The output of the aggregation stack that holds them as JSON. */
export const aggregationSettingsOutput = 'AggregatorSettings';

/** The settings of a deployed aggregation stack. Throws a `SetupError` that says what to do. */
export async function readAggregationSettings(
  stack: string,
  access: AwsAccess,
): Promise<AggregationSettings> {
  const text = await readStackOutput(stack, aggregationSettingsOutput, access);
  return parseAggregationSettings(text, `stack ${stack}, output ${aggregationSettingsOutput}`);
}

/**
 * @param where for the message
 * @throws SetupError that names the first setting that is missing or wrong
 */
export function parseAggregationSettings(text: string, where: string): AggregationSettings {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new SetupError(`${where}: it is not JSON`);
  }
  const wrong = wrongAggregationSetting(parsed);
  if (wrong !== undefined) throw new SetupError(`${where}: ${wrong} is missing or wrong`);
  return parsed as AggregationSettings;
}

/** The name of the first setting that is missing or wrong; undefined if all are there. */
export function wrongAggregationSetting(settings: unknown): keyof AggregationSettings | undefined {
  const held: Readonly<Record<string, unknown>> =
    typeof settings === 'object' && settings !== null ? { ...settings } : {};
  const names = Object.keys(isAllowed) as (keyof AggregationSettings)[];
  return names.find((name) => !isAllowed[name](held[name]));
}

const isAllowed: { readonly [Name in keyof AggregationSettings]: (value: unknown) => boolean } = {
  minuteRetentionDays: (value) => isWhole(value, 1),
  hourRetentionDays: (value) => isWhole(value, 1),
  dayRetentionDays: (value) => isWhole(value, 1),
  logDays: (value) => isWhole(value, 1),
  maxRecordAgeSeconds: (value) => isWhole(value, 1),
  deduplicationSeconds: (value) => isWhole(value, 0),
  uniqueVisitors: (value) => value === 'off' || value === 'total' || value === 'page',
};

function isWhole(value: unknown, least: number): boolean {
  return Number.isInteger(value) && (value as number) >= least;
}
