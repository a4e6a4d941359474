import type { ParseArgsOptionsConfig } from 'node:util';
import { parseOptions } from '../cli/arguments';
import { parseInstants } from '../cli/instant';
import { oneOf } from '../cli/option-values';
import { type Place, parsePlace, placeOptions } from '../cli/place';
import { SetupError } from '../cli/setup-error';
import { dimensionNames } from '../domain/counters/dimensions';
import { windowMs, windowSizes } from '../domain/counters/window';
import { uniques } from '../domain/visitors/uniques';
import { type AggregateQuery, coarsestWindow } from './aggregates-reader';
import { type TimeZone, timeZoneNamed } from './time-zone';
import type { UniqueQuery } from './uniques-reader';

export type ReportCommand =
  | { readonly kind: 'help' }
  | ({ readonly kind: 'overview' } & ReportOptions)
  | ({ readonly kind: 'report'; readonly query: AggregateQuery } & ReportOptions)
  | ({ readonly kind: 'uniques'; readonly query: UniqueQuery } & ReportOptions);

export interface ReportOptions {
  /** Only the largest values, of the whole range; undefined: a row for each window. */
  readonly top: number | undefined;
  readonly format: 'table' | 'json' | 'csv';
  /** Whose hours and days are asked for; undefined: those of UTC. */
  readonly zone: TimeZone | undefined;
  /** Whether to say what reading cost. */
  readonly units: boolean;
  /** Where the aggregates are. */
  readonly target: Place;
}

const options = {
  dimension: { type: 'string' },
  unique: { type: 'string' },
  window: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  'time-zone': { type: 'string' },
  top: { type: 'string' },
  json: { type: 'boolean' },
  csv: { type: 'boolean' },
  units: { type: 'boolean' },
  ...placeOptions,
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

type Values = ReturnType<typeof parseOptions<typeof options>>;

/** What asks for certain rows; without any of them an overview is shown. */
const rowOptions = ['dimension', 'unique', 'window', 'from', 'to', 'top', 'json', 'csv'] as const;

/** Reads the arguments. Throws a `SetupError` that names the option, its value and what is allowed. */
export function parseReportCommand(args: readonly string[]): ReportCommand {
  const values = parseOptions(args, options);
  if (values.help) return { kind: 'help' };
  const zone = parseTimeZone(values['time-zone']);
  const { from, to } = parseInstants(values, zone?.startOfDate);
  const top = parseTop(values.top);
  const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const common = {
    top,
    format: parseFormat(values),
    zone,
    units: values.units ?? false,
    target: parsePlace(values),
  };
  if (rowOptions.every((name) => values[name] === undefined)) return { kind: 'overview', ...common };
  if (values.unique !== undefined) {
    return { kind: 'uniques', query: { ...parseUnique(values, range, top), ...range }, ...common };
  }
  const window =
    oneOf('window', values.window, windowSizes) ?? (top === undefined ? 'hour' : coarsestWindow(from, to));
  return {
    kind: 'report',
    query: { dimension: oneOf('dimension', values.dimension, dimensionNames) ?? 'page', window, ...range },
    ...common,
  };
}

function parseUnique(
  { unique, dimension = 'total', window }: Values,
  { from, to }: { readonly from?: number; readonly to?: number },
  top: number | undefined,
): Pick<UniqueQuery, 'unique' | 'dimension' | 'window'> {
  const named = uniques.filter(({ name }) => name === unique);
  if (named.length === 0) {
    const names = [...new Set(uniques.map(({ name }) => name))];
    throw new SetupError(`--unique is "${unique}"; allowed: ${names.join(', ')}`);
  }
  const counted = named.find(({ scope }) => scope === dimension);
  if (!counted) {
    const scopes = named.map(({ scope }) => scope).join(', ');
    throw new SetupError(`--unique ${unique} --dimension ${dimension}; allowed: ${scopes}`);
  }
  const { name, scope, windows } = counted;
  const isWholeDay = (at: number | undefined): boolean => at === undefined || at % windowMs.day === 0;
  const longest = windows.find((size) => size === 'day' && isWholeDay(from) && isWholeDay(to)) ?? 'hour';
  const found =
    window === undefined ? (top === undefined ? 'hour' : longest) : windows.find((size) => size === window);
  if (!found) {
    throw new SetupError(
      `--unique ${unique} --dimension ${dimension} --window ${window}; allowed: ${windows.join(', ')}`,
    );
  }
  return { unique: name, dimension: scope, window: found };
}

function parseTimeZone(name: string | undefined): TimeZone | undefined {
  if (name === undefined) return undefined;
  const zone = timeZoneNamed(name);
  if (zone) return zone;
  throw new SetupError(
    `--time-zone is "${name}"; allowed: a name of the time zone database, such as Europe/Berlin or UTC`,
  );
}

function parseFormat({ json, csv }: Values): ReportOptions['format'] {
  if (json && csv) throw new SetupError('--json and --csv exclude each other: give one of them');
  if (json) return 'json';
  return csv ? 'csv' : 'table';
}

function parseTop(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new SetupError(`--top is "${text}"; allowed: a whole number from 1`);
}

export const help = `Usage: npm run report -- [options]

Reads the exact counters and the estimates of distinct visitors: of the pipeline on this machine, or of a deployed one.

  npm run report                                             the latest hours and their top pages
  npm run report -- --dimension total --window minute        clicks a minute
  npm run report -- --top 10 --from 2026-01-31 --to 2026-02-01
  npm run report -- --dimension total --window day --time-zone Europe/Berlin
  npm run report -- --stack clickstream-dev-aggregation --dimension referrer --top 20
  npm run report -- --unique visitors --window day           distinct visitors a day

  --dimension D       ${dimensionNames.join(', ')} (page)
  --unique U          visitors or sessions: estimates how many there were, with the standard error, of all pages
                      together or with --dimension page of each; by hour or, without pages, by day
  --window W          minute, hour or day; one row for each window and value (hour)
  --from T, --to T    windows that start at or after --from and before --to; a date or a time with its zone
  --time-zone Z       hours, days and dates of a zone, for example Europe/Berlin (UTC)
  --top N             the N largest values over the range, without windows; who came in two of them is one visitor
  --json              an array of {dimension, value, window, count} on standard output; with --unique
                      {unique, dimension, value, window, count, standardError}
  --csv               the same as CSV, in which no cell is a formula
  --units             and on standard error the read units of DynamoDB that it took
  --local [DIR]       the pipeline on this machine, running or not (.local)
  --stack NAME        the stack with the table (output TableName)
  --region R, --profile P, --endpoint-url URL   for --stack; otherwise as the AWS SDK finds them
  -h, --help

Exit code: 0 done, 2 wrong options or no table to read, 1 anything else.
`;
