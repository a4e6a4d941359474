import type { ParseArgsOptionsConfig } from 'node:util';
import { parseWordsAndOptions } from '../cli/arguments';
import { type AwsAccess, parseAccess } from '../cli/aws-access';
import { parseInstant } from '../cli/instant';
import { type Place, parsePlace, placeOptions } from '../cli/place';
import { SetupError } from '../cli/setup-error';
import type { Range } from './range/parts';

/** What every command is told. */
export interface CommonOptions {
  /** Of a deployed pipeline, what the names of its three stacks begin with: `clickstream-dev`. */
  readonly place: Place;
  /** One JSON object on standard output instead of text. */
  readonly json: boolean;
  /** Say what would change, and change nothing. */
  readonly dryRun: boolean;
}

export type RecoverCommand =
  | { readonly kind: 'help' }
  | ({
      readonly kind: 'list';
      readonly all: boolean;
      /** When rejected lines arrived; undefined: of late. */
      readonly range: Range | undefined;
    } & CommonOptions)
  | ({ readonly kind: 'show'; readonly key: string } & CommonOptions)
  | ({
      readonly kind: 'repair';
      /** Undefined: every object. */
      readonly key: string | undefined;
      /** With every object, also those that were repaired before. */
      readonly again: boolean;
      readonly archivedBefore: number | undefined;
    } & CommonOptions)
  | ({
      readonly kind: 'verify';
      /** Undefined with a ledger only. */
      readonly range: Range | undefined;
      readonly ledger: string | undefined;
      readonly archivedBefore: number | undefined;
    } & CommonOptions)
  | ({
      readonly kind: 'rebuild';
      readonly range: Range;
      readonly fewer: boolean;
      readonly archivedBefore: number | undefined;
    } & CommonOptions)
  | ({
      readonly kind: 'backfill';
      readonly range: Range;
      readonly archivedBefore: number | undefined;
    } & CommonOptions)
  | ({ readonly kind: 'resubmit'; readonly key: string } & CommonOptions)
  | ({ readonly kind: 'erase'; readonly visitorId: string } & CommonOptions)
  | {
      /** A ledger against a stream, of which nothing else is known. */
      readonly kind: 'verify-stream';
      readonly ledger: string;
      readonly stream: { readonly name: string; readonly access: AwsAccess };
      readonly json: boolean;
    };

const options = {
  stream: { type: 'string' },
  ...placeOptions,
  from: { type: 'string' },
  to: { type: 'string' },
  ledger: { type: 'string' },
  visitor: { type: 'string' },
  fewer: { type: 'boolean' },
  all: { type: 'boolean' },
  again: { type: 'boolean' },
  json: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  'archived-before': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

type Values = ReturnType<typeof parseWordsAndOptions<typeof options>>['values'];

const commands = ['list', 'show', 'repair', 'backfill', 'rebuild', 'verify', 'resubmit', 'erase'] as const;

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
  if (values.stream !== undefined) return parseVerifyStream(kind, words, values);
  const common = {
    place: parsePlace(values),
    json: values.json ?? false,
    dryRun: values['dry-run'] ?? false,
  };
  switch (kind) {
    case 'list':
      refuseWords(kind, words);
      return { kind, ...common, all: values.all ?? false, range: parseOptionalRange(values) };
    case 'show':
      return { kind, ...common, key: onlyKey(kind, words) };
    case 'repair':
      return { kind, ...common, ...parseRepaired(values, words), archivedBefore: parseArchived(values) };
    case 'resubmit':
      return { kind, ...common, key: onlyKey(kind, words) };
    case 'erase':
      refuseWords(kind, words);
      return { kind, ...common, visitorId: parseVisitor(values) };
    case 'backfill':
      refuseWords(kind, words);
      return { kind, ...common, range: parseRange(values), archivedBefore: parseArchived(values) };
    case 'rebuild': {
      refuseWords(kind, words);
      const archivedBefore = parseArchived(values);
      return { kind, ...common, range: parseRange(values), fewer: values.fewer ?? false, archivedBefore };
    }
    case 'verify': {
      refuseWords(kind, words);
      const { ledger } = values;
      const range = parseOptionalRange(values);
      if (!range && ledger === undefined)
        throw new SetupError('what to compare is missing: give --from T and --to T, or --ledger FILE');
      return { kind, ...common, range, ledger, archivedBefore: parseArchived(values) };
    }
  }
}

function parseVerifyStream(kind: string, words: readonly string[], values: Values): RecoverCommand {
  const { stream, stack, local, from, to, ledger, json = false } = values;
  if (kind !== 'verify' || ledger === undefined) throw new SetupError('--stream is for verify --ledger FILE');
  refuseWords(kind, words);
  if ((stack ?? local ?? from ?? to) !== undefined) {
    throw new SetupError(
      'with --stream there is nothing but the ledger to compare: leave out --stack, --local, --from and --to',
    );
  }
  if (!stream) throw new SetupError('--stream needs a name');
  return { kind: 'verify-stream', ledger, stream: { name: stream, access: parseAccess(values) }, json };
}

function parseRange({ from, to }: Values): Range {
  if (from === undefined || to === undefined)
    throw new SetupError('the range is missing: give --from T and --to T');
  const range = { from: parseInstant('from', from), to: parseInstant('to', to) };
  if (range.from >= range.to) {
    throw new SetupError(`--from ${from} --to ${to}: --to must be later; it is not part of the range`);
  }
  return range;
}

function parseOptionalRange(values: Values): Range | undefined {
  return (values.from ?? values.to) === undefined ? undefined : parseRange(values);
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

function parseRepaired({ all, again = false }: Values, words: readonly string[]) {
  if (again && !all) throw new SetupError('--again is for repair --all');
  if (!all) return { key: onlyKey('repair', words), again };
  refuseWords('repair --all', words);
  return { key: undefined, again };
}

/** Shorter ones would be found within words of lines that are no events. */
const shortestId = 8;

function parseVisitor({ visitor }: Values): string {
  if (visitor === undefined) throw new SetupError('erase needs --visitor ID');
  if (visitor.length >= shortestId) return visitor;
  throw new SetupError(`--visitor is "${visitor}"; allowed: an id of at least ${shortestId} characters`);
}

function parseArchived({ 'archived-before': text, stack }: Values): number | undefined {
  if (text === undefined) return undefined;
  if (stack === undefined) throw new SetupError('--archived-before is for --stack, which is missing');
  return parseInstant('archived-before', text);
}

export const help = `Usage: npm run recover -- COMMAND [options]

Finds what the pipeline could not process, and puts it right.

  list [--all] [--from T --to T]
                   batches that the aggregator gave up, records at which the transformer failed, and rejected
                   lines with their reasons, of the last hour or of those that arrived in the range;
                   with --all also what was repaired, backfilled or sent again
  show KEY         what is in such an object: each record, decoded, and what is wrong with it

  repair KEY       counts what of a given-up batch is not counted, and moves the object to repaired/;
  repair --all [--again]
                   safe to run again, beside live traffic, and after a crash; with --again also what was
                   repaired before: for a restored table

  backfill --from T --to T
                   writes into the archive what arrived in the range, and the stream still has and the archive
                   lacks: what the transformer failed at, or what came while there was no delivery stream.
                   Counts nothing; safe to run again

  rebuild --from T --to T [--fewer]
                   counts the windows that start in the range anew, after a change of the code or of the
                   dimensions; with --fewer even where the archive has fewer events than are counted
  verify --from T --to T [--ledger FILE]
                   compares the counters of the windows that start in the range with the archive, and a
                   producer's ledger with stream, archive and counters; shows the first differences
  verify --ledger FILE --stream NAME     the ledger with a stream alone
  resubmit KEY     sends rejected lines of an object of the archive that the parser takes by now into the
                   stream again, each once at the most

  erase --visitor ID
                   takes what tells who a visitor is out of archive and failures; what is counted stays, so that
                   the counters and the archive still agree. Safe to run again; says what only expires

  --dry-run        say what would change, and change nothing
  --local [DIR]    the pipeline on this machine, running or not (.local); the default
  --stack NAME     the deployed pipeline, by what its stacks' names have in common: clickstream-dev
  --region R, --profile P, --endpoint-url URL   for --stack; otherwise as the AWS SDK finds them
  --json           one JSON object on standard output
  -h, --help

  --archived-before T   with --stack: the archive has what arrived before; the less is read from the stream

Exit code: 0 done or equal, 1 failed, something was left, or there are differences, 2 wrong options or no
pipeline there, 3 not yet: something is still on its way, run again later.
`;
