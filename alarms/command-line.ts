import type { ParseArgsOptionsConfig } from 'node:util';
import { parseOptions } from '../cli/arguments';
import { type Place, parsePlace, placeOptions } from '../cli/place';

export type AlarmsCommand =
  | { readonly kind: 'help' }
  | { readonly kind: 'list'; readonly place: Place; readonly json: boolean };

const options = {
  json: { type: 'boolean' },
  ...placeOptions,
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

/** Reads the arguments. Throws a `SetupError` that names the option, its value and what is allowed. */
export function parseAlarmsCommand(args: readonly string[]): AlarmsCommand {
  const values = parseOptions(args, options);
  if (values.help) return { kind: 'help' };
  return { kind: 'list', place: parsePlace(values), json: values.json ?? false };
}

export const help = `Usage: npm run alarms -- [options]

Says which alarms of a pipeline are in ALARM, since when, and where the runbook says what to do: of the pipeline that
runs on this machine, which evaluates the alarms of its templates each minute, or of a deployed one.

  npm run alarms
  npm run alarms -- --stack clickstream-prod

  --json              an array of {name, state, since, description, value, threshold, runbook} on standard output;
                      the value is the latest one on this machine, and in AWS the one at the last change
  --local [DIR]       the pipeline that runs on this machine (.local)
  --stack NAME        what the names of its stacks begin with, or the name of one of them
  --region R, --profile P, --endpoint-url URL   for --stack; otherwise as the AWS SDK finds them
  -h, --help

Exit code: 0 nothing in ALARM, 1 something in ALARM, 2 wrong options, or nobody there to ask.
`;
