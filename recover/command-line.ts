import type { ParseArgsOptionsConfig } from 'node:util';
import { parseWordsAndOptions } from '../cli/arguments';
import { accessOptions, parseAccess } from '../cli/aws-access';
import { SetupError } from '../cli/setup-error';
import type { Place } from './connection';

/** What every command is told. */
export interface CommonOptions {
  readonly place: Place;
  /** One JSON object on standard output instead of text. */
  readonly json: boolean;
  /** Say what would change, and change nothing. */
  readonly dryRun: boolean;
}

export type RecoverCommand =
  | { readonly kind: 'help' }
  | ({ readonly kind: 'list'; readonly all: boolean } & CommonOptions)
  | ({ readonly kind: 'show'; readonly key: string } & CommonOptions);

const options = {
  stack: { type: 'string' },
  local: { type: 'string' },
  ...accessOptions,
  all: { type: 'boolean' },
  json: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

type Values = ReturnType<typeof parseWordsAndOptions<typeof options>>['values'];

const commands = ['list', 'show'] as const;

/** Reads the arguments. Throws a `SetupError` that names the word or option, and what is allowed. */
export function parseRecoverCommand(args: readonly string[]): RecoverCommand {
  const { values, positionals } = parseWordsAndOptions(args, options);
  if (values.help) return { kind: 'help' };
  const [name, ...words] = positionals;
  const kind = commands.find((command) => command === name);
  if (kind === undefined) {
    const problem = name === undefined ? 'the command is missing' : `there is no command "${name}"`;
    throw new SetupError(`${problem}; allowed: ${commands.join(', ')}`);
  }
  const common = {
    place: parsePlace(values),
    json: values.json ?? false,
    dryRun: values['dry-run'] ?? false,
  };
  switch (kind) {
    case 'list':
      refuseWords(kind, words);
      return { kind, ...common, all: values.all ?? false };
    case 'show':
      return { kind, ...common, key: onlyKey(kind, words) };
  }
}

function parsePlace({ stack, local, ...access }: Values): Place {
  if (stack === undefined) {
    const given = Object.keys(accessOptions).find(
      (name) => access[name as keyof typeof accessOptions] !== undefined,
    );
    if (given !== undefined) throw new SetupError(`--${given} is for --stack, which is missing`);
    return { kind: 'local', directory: local ?? '.local' };
  }
  if (local !== undefined) throw new SetupError('--stack and --local exclude each other: give one of them');
  if (stack === '') throw new SetupError('--stack needs a name');
  return { kind: 'stacks', name: stack, access: parseAccess(access) };
}

function refuseWords(command: string, words: readonly string[]): void {
  if (words.length > 0) throw new SetupError(`${command} takes no further words: ${words.join(' ')}`);
}

function onlyKey(command: string, words: readonly string[]): string {
  const [key, ...others] = words;
  if (key === undefined)
    throw new SetupError(`${command} needs the KEY of an object; "recover list" has them`);
  refuseWords(`${command} ${key}`, others);
  return key;
}

export const help = `Usage: npm run recover -- COMMAND [options]

Finds what the pipeline could not process.

  list [--all]     batches that the aggregator gave up, and records that the transformer rejected;
                   with --all also those that were repaired or sent again
  show KEY         what is in such an object: each record, decoded, and what is wrong with it

  --local [DIR]    the pipeline on this machine, running or not (.local); the default
  --stack NAME     the deployed pipeline, by what its stacks' names have in common: clickstream-dev
  --region R, --profile P, --endpoint-url URL   for --stack; otherwise as the AWS SDK finds them
  --json           one JSON object on standard output
  -h, --help

Exit code: 0 done, 1 failed, 2 wrong options or no pipeline there.
`;
