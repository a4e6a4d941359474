import type { AggregationSettings } from '../contract/aggregation-settings';
import { StackOutputs } from '../contract/stack-outputs';
import { byRetentionSetting } from '../domain/counters/retention';
import { uniqueVisitorScopes } from '../domain/visitors/uniques';
import type { AwsAccess } from './aws-access';
import { SetupError } from './setup-error';
import { readStackOutput } from './stack-output';

/**
 * The settings of a deployed aggregation stack.
 *
 * @throws SetupError that says what to do
 */
export async function readAggregationSettings(
  stack: string,
  access: AwsAccess,
): Promise<AggregationSettings> {
  const output = StackOutputs.aggregation.settings;
  const text = await readStackOutput(stack, output, access);
  return parseAggregationSettings(text, `stack ${stack}, output ${output}`);
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
  const given: Readonly<Record<string, unknown>> =
    typeof settings === 'object' && settings !== null ? { ...settings } : {};
  const names = Object.keys(isAllowed) as (keyof AggregationSettings)[];
  return names.find((name) => !isAllowed[name](given[name]));
}

const isAllowed: { readonly [Name in keyof AggregationSettings]: (value: unknown) => boolean } = {
  ...byRetentionSetting(() => (value: unknown) => isWhole(value, 1)),
  minutesForDays: (value) => isWhole(value, 0),
  logDays: (value) => isWhole(value, 1),
  maxRecordAgeSeconds: (value) => isWhole(value, 1),
  deduplicationSeconds: (value) => isWhole(value, 0),
  uniqueVisitors: (value) => uniqueVisitorScopes.some((scope) => scope === value),
};

function isWhole(value: unknown, least: number): boolean {
  return Number.isInteger(value) && (value as number) >= least;
}
