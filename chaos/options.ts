import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOptions } from '../cli/arguments';
import { numberOption } from '../cli/option-values';

export interface SoakOptions {
  readonly seed: string;
  /** How long faults are injected; what comes after (healing, draining, comparing) is not counted. */
  readonly faultMs: number;
  /** End after so many kills of the runner; undefined: by the time alone. */
  readonly kills: number | undefined;
  /** Events a second of all producers together. */
  readonly rate: number;
  /** As `npm start -- --chaos` takes it. */
  readonly profile: string;
  readonly dataDir: string;
  /** Further settings of the app, `name=value`. */
  readonly context: readonly string[];
  readonly json: boolean;
}

export type SoakCommand = { readonly kind: 'help' } | ({ readonly kind: 'soak' } & SoakOptions);

const options = {
  seed: { type: 'string' },
  minutes: { type: 'string' },
  kills: { type: 'string' },
  rate: { type: 'string' },
  profile: { type: 'string' },
  'data-dir': { type: 'string' },
  context: { type: 'string', short: 'c', multiple: true },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const msPerMinute = 60_000;

/** Reads the arguments of `npm run chaos`. Throws a `SetupError` that names the option, its value and what is allowed. */
export function parseSoakCommand(args: readonly string[]): SoakCommand {
  const values = parseOptions(args, options);
  if (values.help) return { kind: 'help' };
  const kills = numberOption('kills', values.kills, { most: 10_000, whole: true });
  // A number of kills asks for as long as they take.
  const usualMinutes = kills === undefined ? 1 : 1_440;
  const minutes = numberOption('minutes', values.minutes, { most: 1_440, whole: false }) ?? usualMinutes;
  const seed = values.seed ?? randomUUID().slice(0, 8);
  return {
    kind: 'soak',
    seed,
    faultMs: minutes * msPerMinute,
    kills,
    rate: numberOption('rate', values.rate, { most: 100_000, whole: false }) ?? 300,
    profile: values.profile ?? 'storm',
    dataDir: values['data-dir'] ?? join(tmpdir(), `chaos-${seed}`),
    context: values.context ?? [],
    json: values.json ?? false,
  };
}

export const help = `Usage: npm run chaos -- [options]

Runs the whole pipeline on this machine under load, and does to it what may happen: faults of Kinesis,
DynamoDB and S3, kill -9 of the runner, of functions and of producers, time-outs, clock jumps, splits and
merges of shards, poison records. Then it heals, drains, and compares the producers' ledgers, the stream,
the counters and the archive, by the product's own means and by a count of its own.

  npm run chaos -- --minutes 10
  npm run chaos -- --seed 3fa8 --kills 20       the runner killed and started again twenty times

  --seed S                  repeats the decisions of another run (any)
  --minutes M               how long faults come (1); healing and comparing come on top
  --kills N                 end when the runner was killed so many times instead
  --rate N                  events a second, of all producers together (300)
  --profile PROFILE|FILE    the faults of the services, as npm start -- --chaos takes them (storm)
  -c, --context NAME=VALUE  a setting of the app, as cdk deploy takes it
  --data-dir DIR            new or empty; everything is kept there (chaos-SEED in the temporary folder)
  --json                    the result as one JSON object on standard output
  -h, --help

Exit code: 0 everything agrees, 1 something does not, 2 wrong options.
`;
