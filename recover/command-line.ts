import type { ParseArgsOptionsConfig } from 'node:util';
import { parseWordsAndOptions } from '../cli/arguments';
import { accessOptions, parseAccess } from '../cli/aws-access';
import { parseInstant } from '../cli/instant';
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
  | ({ readonly kind: 'show'; readonly key: string } & CommonOptions)
  | ({
      readonly kind: 'repair';
      /** Undefined: every object. */
      readonly key: string | undefined;
      readonly archivedBefore: number | undefined;
    } & CommonOptions);

const options = {
  stack: { type: 'string' },
  local: { type: 'string' },
  ...accessOptions,
  all: { type: 'boolean' },
  json: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  'archived-before': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

type Values = ReturnType<typeof parseWordsAndOptions<typeof options>>['values'];

const commands = ['list', 'show', 'repair'] as const;

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
    case 'repair':
      return { kind, ...common, key: keyOrAll(values.all, words), archivedBefore: parseArchived(values) };
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

function keyOrAll(all: boolean | undefined, words: readonly string[]): string | undefined {
  if (!all) return onlyKey('repair', words.length === 0 ? [] : words);
  refuseWords('repair --all', words);
  return undefined;
}

function parseArchived({ 'archived-before': text, stack }: Values): number | undefined {
  if (text === undefined) return undefined;
  if (stack === undefined) throw new SetupError('--archived-before is for --stack, which is missing');
  return parseInstant('archived-before', text);
}

export const help = `Usage: npm run recover -- COMMAND [options]

Finds what the pipeline could not process, and puts it right.

  list [--all]     batches that the aggregator gave up, and records that the transformer rejected;
                   with --all also those that were repaired or sent again
  show KEY         what is in such an object: each record, decoded, and what is wrong with it

  repair KEY       puts the windows right that a given-up batch has touched, and moves the object to
  repair --all     repaired/; safe to run again, beside live traffic, and after a crash

  --dry-run        say what would change, and change nothing
  --local [DIR]    the pipeline on this machine, running or not (.local); the default
  --stack NAME     the deployed pipeline, by what its stacks' names have in common: clickstream-dev
  --region R, --profile P, --endpoint-url URL   for --stack; otherwise as the AWS SDK finds them
  --json           one JSON object on standard output
  -h, --help

Exit code: 0 done, 1 failed or something was left, 2 wrong options or no pipeline there, 3 the archive
has not caught up: nothing was changed, run again later.
`;
