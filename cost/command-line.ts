import type { ParseArgsOptionsConfig } from 'node:util';
import { parseOptions } from '../cli/arguments';
import { parseContext } from '../cli/context';
import { oneOf } from '../cli/option-values';
import { SetupError } from '../cli/setup-error';
import { streamReaders } from '../contract/stack-outputs';
import { resolveSettings, SettingsError } from '../lib/resolve-settings';
import type { Settings } from '../lib/settings';
import { readSettingsFile } from '../lib/settings-file';
import { defaultPacking, type Packing } from '../producer/client/packing/packer';
import type { Traffic } from './flow';
import { type PriceList, pricedRegions, pricesOf } from './prices';

export type CostCommand =
  | { readonly kind: 'help' }
  | { readonly kind: 'table'; readonly options: CostOptions }
  | { readonly kind: 'bill'; readonly options: CostOptions; readonly json: boolean };

export interface CostOptions {
  readonly traffic: Traffic;
  readonly context: Readonly<Record<string, string>>;
  readonly settings: Settings;
  readonly list: PriceList;
  /** Which one since the beginning, from 1. */
  readonly month: number;
}

const packings = ['none', 'ndjson', 'kpl'] as const satisfies readonly Packing[];

const options = {
  rate: { type: 'string' },
  peak: { type: 'string' },
  size: { type: 'string' },
  pack: { type: 'string' },
  pages: { type: 'string' },
  late: { type: 'string' },
  month: { type: 'string' },
  stage: { type: 'string' },
  context: { type: 'string', short: 'c', multiple: true },
  region: { type: 'string' },
  table: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

const defaults = { rate: 100, size: 400, pages: 1_000, late: 0, month: 1 } as const;
const mostEventBytes = 256 * 1_024;

/** Reads the arguments. Throws a `SetupError` that names the option, its value and what is allowed. */
export function parseCostCommand(args: readonly string[]): CostCommand {
  const values = parseOptions(args, options);
  if (values.help) return { kind: 'help' };
  const number = (name: keyof typeof defaults | 'peak', low: number, high: number, unit: string) =>
    parseNumber(name, values[name], [low, high], unit) ?? (name === 'peak' ? low : defaults[name]);
  const rate = number('rate', 0, 1_000_000, 'events a second');
  const traffic = {
    eventsPerSecond: rate,
    peakEventsPerSecond: number('peak', rate, 1_000_000, 'events a second, from --rate on'),
    eventBytes: number('size', 50, mostEventBytes, 'whole number, bytes of an event'),
    packing: oneOf('pack', values.pack, packings) ?? defaultPacking,
    pages: number('pages', 1, 100_000, 'whole number, pages'),
    lateShare: number('late', 0, 1, 'a share of the events'),
  };
  const context = parseContext(values.context ?? [], values.stage);
  const { region = pricedRegions[0]! } = values;
  const month = number('month', 1, 1_200, 'whole number, months');
  const settings = orSetupError(
    () => resolveSettings(context, readSettingsFile),
    (reason) => reason,
  );
  const readers = streamReaders.length + (settings.destination === 'off' ? 0 : 1);
  const parsed = {
    traffic: { ...traffic, readers },
    context,
    month,
    settings,
    list: orSetupError(
      () => pricesOf(region),
      () =>
        `--region is "${region}"; allowed: ${pricedRegions.join(', ')} (cost/prices.ts has the prices of no other)`,
    ),
  };
  if (values.table) {
    const excluded = (['rate', 'peak', 'pack', 'stage', 'json'] as const).find(
      (name) => values[name] !== undefined,
    );
    if (excluded !== undefined) throw new SetupError(`--${excluded} is not for --table, which has several`);
    return { kind: 'table', options: parsed };
  }
  return { kind: 'bill', options: parsed, json: values.json ?? false };
}

/** Runs something whose refusal is the user's to put right. */
function orSetupError<Value>(resolve: () => Value, message: (reason: string) => string): Value {
  try {
    return resolve();
  } catch (error) {
    if (!(error instanceof SettingsError || error instanceof RangeError)) throw error;
    throw new SetupError(message(error.message), { cause: error });
  }
}

function parseNumber(
  name: string,
  text: string | undefined,
  [low, high]: readonly [number, number],
  unit: string,
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  const isWhole = !unit.startsWith('whole number') || Number.isInteger(value);
  if (value >= low && value <= high && isWhole) return value;
  throw new SetupError(`--${name} is "${text}"; allowed: ${low} to ${high} (${unit})`);
}

export const help = `Usage: npm run cost -- [options]

What a month of the pipeline costs on AWS, by service, what would lower it, and how many shards it takes. Prices stand in
cost/prices.ts, the formula of what the table writes in cost/shard-hour.ts, and what else is assumed in docs/cost.md.

  npm run cost -- --rate 100 --size 400
  npm run cost -- --rate 1000 --pack none --stage prod -c streamMode=provisioned
  npm run cost -- --table                the table in docs/cost.md

  --rate N            events a second, on the mean of the month (${defaults.rate}); 0 is the idle pipeline
  --peak N            events a second at the busiest, which the shards have to take (as many as --rate)
  --size BYTES        JSON of an event (${defaults.size})
  --pack HOW          events to a record: ${packings.join(', ')} (${defaultPacking}, as the producer)
  --pages N           pages that are visited, the popularity falling as 1/rank (${defaults.pages})
  --late P            share of the events that come an hour to a day late (${defaults.late})
  --month N           which month since the beginning: what is kept grows until it expires (${defaults.month})
  --stage dev|prod    the stage whose settings count, with those of config/<stage>.json (dev)
  -c, --context NAME=VALUE   another setting, as cdk deploy takes it
  --region R          ${pricedRegions.join(', ')}
  --json              the bill as one JSON object
  --table             of the stages' defaults: 10 to 10,000 events a second, both stages, beside other designs
  -h, --help

Exit code: 0 done, 2 wrong options or settings, 1 anything else.
`;
