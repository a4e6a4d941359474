import type { ParseArgsOptionsConfig } from 'node:util';
import { parseWordsAndOptions } from '../cli/arguments';
import { type AwsAccess, parseAccess } from '../cli/aws-access';
import { parseInstant, parseInstants } from '../cli/instant';
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
      'with --stream, the ledger alone is compared: leave out --stack, --local, --from and --to',
    );
  }
  if (!stream) throw new SetupError('--stream needs a name');
  return { kind: 'verify-stream', ledger, stream: { name: stream, access: parseAccess(values) }, json };
}

function parseRange(values: Values): Range {
  if (values.from === undefined || values.to === undefined)
    throw new SetupError('the range is missing: give --from T and --to T');
  const { from, to } = parseInstants(values);
  return { from: from!, to: to! };
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

function parseVisitor({ visitor }: Values): string {
  if (visitor) return visitor;
  throw new SetupError(`erase needs --visitor ID${visitor === '' ? ', which is empty' : ''}`);
}

function parseArchived({ 'archived-before': text, stack }: Values): number | undefined {
  if (text === undefined) return undefined;
  if (stack === undefined) throw new SetupError('--archived-before is for --stack, which is missing');
  return parseInstant('archived-before', text);
}

export const help = `Usage: npm run recover -- COMMAND [options]

Finds what the pipeline could not process, and repairs it. Every command can be run again, also after a crash.

Find
  list [--all] [--from T --to T]
                   Lists batches that the aggregator gave up, records at which the transformer failed, and
                   rejected lines by reason. Rejected lines are those of the last hour, or of the given range.
                   --all adds what was repaired, backfilled or sent again.
  show KEY         Prints the records of one such object, decoded, with what is wrong.
Compare
  verify --from T --to T
                   Compares the counters of all windows that start in the range with the archive.
  verify --ledger FILE [--from T --to T]
                   Compares a producer's ledger with stream, archive and counters.
  verify --ledger FILE --stream NAME
                   Compares a ledger with a stream alone.
Repair
  repair KEY       Counts the events of a given-up batch that are not counted yet, and moves the object to
                   repaired/.
  repair --all     Repairs every object. --again includes those that were repaired before, for a table that was
                   restored.
  backfill --from T --to T
                   Archives what arrived in the range and the archive lacks, as long as the stream has it.
                   Counts nothing.
  rebuild --from T --to T
                   Counts the windows that start in the range again from the archive, for example after a
                   change of the code. --fewer lowers counters, too, where the archive has fewer events.
  resubmit KEY     Sends rejected lines of an archived object into the stream, if the parser accepts them now.
                   Each line is sent once.
Erase
  erase --visitor ID
                   Removes from archive, its Parquet copy and failures what tells who a visitor is. Places and counts
                   stay, so that verify agrees before and after. Prints a receipt, with what only expires.

Options
  --local [DIR]    the pipeline on this machine, running or not (default: .local)
  --stack NAME     a deployed pipeline, by the common beginning of its stacks' names: clickstream-dev
  --region R, --profile P, --endpoint-url URL   for --stack; default: as the AWS SDK finds them
  --archived-before T   with --stack: the archive is complete up to T; so less of the stream is read
  --dry-run        print what would change, and change nothing
  --json           print one JSON object
  -h, --help

T is a date (2026-01-31, UTC) or a time with its zone (2026-01-31T09:30Z). A range includes its beginning, not its end.

Exit codes: 0 done, or no difference; 1 failed, something is left, or there are differences; 2 wrong options,
or no such pipeline; 3 something is still on its way: run again later.
`;
