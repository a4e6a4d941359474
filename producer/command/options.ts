import type { ParseArgsOptionsConfig } from 'node:util';
import { numberOption, oneOf, probabilityOption } from '../../cli/option-values';
import { SetupError } from '../../cli/setup-error';
import { inputFormats } from '../../formats/input-format';
import { allowedExclusions, parseExclusions } from '../sources/exclusions';
import type {
  EventTime,
  FileInput,
  InjectionShares,
  SyntheticInput,
  TrafficInput,
} from '../sources/traffic-input';
import type { Rate } from './pace';

/** What is to be sent, and how fast. */
export interface Traffic {
  readonly input: TrafficInput;
  readonly rate: Rate;
  /** Stop after so many events; undefined: do not. */
  readonly count: number | undefined;
  /** Stop reading after so long; undefined: do not. */
  readonly durationMs: number | undefined;
  /** Neither a rate nor an input was asked for: the classic one event a second. */
  readonly isDefault: boolean;
}

/** Options for `parseArgs` of `node:util`; `parseTraffic` reads their values. */
export const trafficOptions = {
  rate: { type: 'string' },
  max: { type: 'boolean' },
  count: { type: 'string' },
  duration: { type: 'string' },
  seed: { type: 'string' },
  site: { type: 'string' },
  template: { type: 'string' },
  'partition-key': { type: 'string' },
  duplicates: { type: 'string' },
  late: { type: 'string' },
  malformed: { type: 'string' },
  oversized: { type: 'string' },
  input: { type: 'string', multiple: true },
  format: { type: 'string' },
  exclude: { type: 'string', multiple: true },
  time: { type: 'string' },
  speed: { type: 'string' },
} as const satisfies ParseArgsOptionsConfig;

type ValueOf<Option> = Option extends { type: 'boolean' }
  ? boolean
  : Option extends { multiple: true }
    ? string | readonly string[]
    : string;

export type TrafficValues = {
  readonly [Name in keyof typeof trafficOptions]?: ValueOf<(typeof trafficOptions)[Name]> | undefined;
};

const times = ['original', 'now', 'replay'] as const;
/** What only generated events take: a file is sent as it is. */
const syntheticOnly = [
  'seed',
  'site',
  'template',
  'duplicates',
  'late',
  'malformed',
  'oversized',
] as const satisfies readonly (keyof TrafficValues)[];

/**
 * Reads and checks the traffic options. Throws a `SetupError` that names the option, its value and what is allowed.
 *
 * @param defaultPerSecond the rate of generated events if none was asked for; an input goes as fast as it can
 */
export function parseTraffic(values: TrafficValues, defaultPerSecond = 1): Traffic {
  const { rate, max = false, input } = values;
  if (rate !== undefined && max)
    throw new SetupError('--rate and --max exclude each other: give one of them');
  const perSecond = numberOption('rate', rate, { most: 1_000_000, whole: false }) ?? defaultPerSecond;
  const seconds = numberOption('duration', values.duration, { most: 31_536_000, whole: false });
  const parsed = input === undefined ? parseSynthetic(values) : parseFile(values, [input].flat());
  const replays = parsed.time === 'replay';
  if (replays && (rate !== undefined || max)) {
    throw new SetupError(
      `--time replay keeps the gaps of the original, and takes no --${max ? 'max' : 'rate'}; give --speed X to go X times as fast`,
    );
  }
  const unpaced = max || replays || (input !== undefined && rate === undefined);
  return {
    input: parsed,
    rate: unpaced ? { kind: 'max' } : { kind: 'steady', perSecond },
    count: numberOption('count', values.count, { most: Number.MAX_SAFE_INTEGER, whole: true }),
    durationMs: seconds === undefined ? undefined : seconds * 1000,
    isDefault: rate === undefined && !max && !replays && input === undefined,
  };
}

function parseSynthetic(values: TrafficValues): SyntheticInput {
  const { seed, format, exclude, site, template } = values;
  if (exclude !== undefined) throw new SetupError('--exclude needs --input');
  if (format !== undefined) throw new SetupError('--format needs --input');
  if (site !== undefined && template !== undefined)
    throw new SetupError('--site and --template exclude each other: give one of them');
  if (site === '') throw new SetupError('--site is empty; allowed: a file with a site model');
  if (template === '') throw new SetupError('--template is empty; allowed: a file with a template');
  const time = oneOf('time', values.time, times) ?? (seed === undefined ? 'now' : 'original');
  if (time === 'original' && seed === undefined) {
    throw new SetupError('--time original needs --input or --seed: other generated events happen now');
  }
  if (time === 'replay' && site === undefined) {
    throw new SetupError(
      '--time replay needs --input or --site: other generated events have no gaps of their own; give --rate',
    );
  }
  const partitionKey = parsePartitionKey(values, template !== undefined);
  return {
    kind: 'synthetic',
    seed,
    time,
    speed: parseSpeed(values, time),
    site,
    template,
    partitionKey,
    injections: parseInjections(values),
  };
}

function parseFile(values: TrafficValues, paths: readonly string[]): FileInput {
  const synthetic = syntheticOnly.find((name) => values[name] !== undefined);
  if (synthetic !== undefined)
    throw new SetupError(`--${synthetic} is for generated events; with --input there are none`);
  const allowed = 'allowed: a file, or - for standard input';
  if (paths.length === 0) throw new SetupError(`--input is missing; ${allowed}`);
  if (paths.includes('')) throw new SetupError(`--input is empty; ${allowed}`);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) throw new SetupError(`--input ${twice} is given twice: it would be sent twice`);
  const time = oneOf('time', values.time, times) ?? 'original';
  if (paths.includes('-') && time === 'now') {
    throw new SetupError(
      '--time now reads the input twice, which standard input does not allow; give a file',
    );
  }
  const format = oneOf('format', values.format, inputFormats) ?? 'ndjson';
  const partitionKey = parsePartitionKey(values, format === 'ndjson');
  const exclude = values.exclude === undefined ? undefined : [values.exclude].flat().flatMap(parseExclude);
  return { kind: 'file', paths, format, time, speed: parseSpeed(values, time), partitionKey, exclude };
}

function parseExclude(list: string): readonly string[] {
  const patterns = parseExclusions(list);
  if (patterns) return patterns;
  throw new SetupError(`--exclude is "${list}"; allowed, with commas between several: ${allowedExclusions}`);
}

function parseSpeed({ speed }: TrafficValues, time: EventTime): number {
  if (speed !== undefined && time !== 'replay') throw new SetupError('--speed needs --time replay');
  return numberOption('speed', speed, { most: 1_000_000, whole: false }) ?? 1;
}

function parsePartitionKey({ 'partition-key': field }: TrafficValues, chooses: boolean): string | undefined {
  if (field === '') throw new SetupError('--partition-key is empty; allowed: the name of a member');
  if (field !== undefined && !chooses) {
    throw new SetupError(
      '--partition-key names a member of --template or of --format ndjson; other events are keyed by their visitorId',
    );
  }
  return field;
}

function parseInjections(values: TrafficValues): InjectionShares {
  const share = (name: keyof InjectionShares) => probabilityOption(name, values[name]) ?? 0;
  const shares = {
    duplicates: share('duplicates'),
    late: share('late'),
    malformed: share('malformed'),
    oversized: share('oversized'),
  };
  const sum = Object.values(shares).reduce((total, each) => total + each, 0);
  if (sum > 1 + 1e-9) {
    throw new SetupError(
      `--duplicates, --late, --malformed and --oversized add up to ${Number(sum.toFixed(6))}; allowed: at most 1, since an event is at most one of them`,
    );
  }
  return shares;
}
