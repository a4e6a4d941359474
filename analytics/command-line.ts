import type { ParseArgsOptionsConfig } from 'node:util';
import { parseWordsAndOptions } from '../cli/arguments';
import { parseInstants } from '../cli/instant';
import { numberOption } from '../cli/option-values';
import { type Place, parsePlace, placeOptions } from '../cli/place';
import { SetupError } from '../cli/setup-error';
import { defaultMaxMiB } from './bring-copy';
import type { ArrivalRange } from './duckdb/session';
import type { Question } from './questions';
import { views } from './views';

export type QueryCommand =
  | { readonly kind: 'help' }
  | { readonly kind: 'list' }
  /** The text for Athena, with the range in it, is printed. */
  | { readonly kind: 'athena'; readonly sql: string; readonly range: ArrivalRange }
  | {
      readonly kind: 'query';
      /** Undefined: asked for at a prompt, or read from standard input. */
      readonly sql: string | undefined;
      readonly format: OutputFormat;
      readonly parquetFile: string | undefined;
      readonly range: ArrivalRange;
      readonly maxMiB: number;
      readonly place: Place;
    };

export type OutputFormat = 'table' | 'json' | 'csv';

const options = {
  list: { type: 'boolean' },
  athena: { type: 'boolean' },
  json: { type: 'boolean' },
  csv: { type: 'boolean' },
  parquet: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  'max-mib': { type: 'string' },
  ...placeOptions,
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

const mostMiB = 1_000_000;

/** Reads the arguments. Throws a `SetupError` that names the option, its value and what is allowed. */
export function parseQueryCommand(args: readonly string[], questions: readonly Question[]): QueryCommand {
  const { values, positionals } = parseWordsAndOptions(args, options);
  if (values.help) return { kind: 'help' };
  if (values.list) return { kind: 'list' };
  if (positionals.length > 1) {
    throw new SetupError(`"${positionals[1]}" stands behind the query; allowed: one query, in quotes`);
  }
  const sql = positionals[0] === undefined ? undefined : textOf(positionals[0], questions);
  const range = parseInstants(values);
  if (values.athena) {
    if (sql === undefined) throw new SetupError('--athena needs a query, or the name of a question (--list)');
    return { kind: 'athena', sql, range };
  }
  const given = (['json', 'csv', 'parquet'] as const).filter((name) => values[name] !== undefined);
  if (given.length > 1)
    throw new SetupError(`--${given[0]} and --${given[1]} exclude each other: give one of them`);
  const place = parsePlace(values);
  refuseUnbounded(range, place);
  return {
    kind: 'query',
    sql,
    format: values.json ? 'json' : values.csv ? 'csv' : 'table',
    parquetFile: values.parquet,
    range,
    maxMiB: numberOption('max-mib', values['max-mib'], { most: mostMiB, whole: true }) ?? defaultMaxMiB,
    place,
  };
}

/** A word is the name of a question; SQL has blanks. */
function textOf(word: string, questions: readonly Question[]): string {
  if (/[\s;(]/.test(word.trim())) return word;
  const found = questions.find(({ name }) => name === word);
  if (found) return found.sql;
  throw new SetupError(
    `"${word}" is neither SQL nor a question; allowed: "select …", or one of ${questions.map(({ name }) => name).join(', ')}`,
  );
}

/** Throws a `SetupError` if everything that a deployed pipeline ever archived would have to be fetched. */
export function refuseUnbounded({ from }: ArrivalRange, { kind }: Place): void {
  if (kind !== 'stack' || from !== undefined) return;
  throw new SetupError(
    '--stack needs --from: what arrived since then is fetched from the bucket, and is paid for',
  );
}

const aboutViews = views.map(({ name, about }) => `  ${name.padEnd(16)} ${about}`).join('\n');

export const help = `Usage: npm run query -- [options] ["select …" | QUESTION]

Asks the archive in SQL, on this machine: of the pipeline here, or of a range of a deployed one, which is fetched first.
Athena gives the same answers to the same text, where the stack "analytics" is deployed.

  npm run query                                              a prompt
  npm run query -- "select page, count(*) from page_views group by page order by 2 desc limit 10"
  npm run query -- --list                                    questions that many have
  npm run query -- top-pages-by-device
  npm run query -- --stack clickstream-prod --from 2026-01-31 --to 2026-02-01 exits
  npm run query -- --athena --from 2026-01-31 exits          the text to paste into Athena

Tables:
${aboutViews}
  archive          The archive's lines as they are, copies that Firehose made included.
  errors           Records that the transformer failed at.

  --json              an array of objects on standard output
  --csv               CSV, in which no cell is a formula
  --parquet FILE      writes what is found to a file
  --from T, --to T    what arrived at or after --from and before --to; a date or a time with its zone
  --max-mib N         the most that is fetched (${defaultMaxMiB}); what was fetched before is not fetched again
  --list              the questions, and what they answer
  --athena            prints the query for Athena, reading only the hours of the range
  --local [DIR]       the pipeline on this machine, running or not (.local)
  --stack NAME        a deployed pipeline, by its name or that of one of its stacks
  --region R, --profile P, --endpoint-url URL   for --stack; otherwise as the AWS SDK finds them
  -h, --help

The query reads a copy that it cannot change, and nothing else on the disk.
Exit code: 0 done, 2 wrong options or nothing to read, 1 anything else, such as a query that is wrong.
`;
