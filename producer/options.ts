import type { ParseArgsOptionsConfig } from 'node:util';
import { SetupError } from '../cli/setup-error';
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

export type TrafficInput = SyntheticInput | FileInput;

export interface SyntheticInput {
  readonly kind: 'synthetic';
  /** The same seed gives the same events; undefined: events that never were before. */
  readonly seed: string | undefined;
  /** `original`: the simulated time, which belongs to the seed. `now`: the time of sending. */
  readonly time: 'original' | 'now';
}

export interface FileInput {
  readonly kind: 'file';
  /** A file's path, or `-` for standard input. */
  readonly path: string;
  readonly format: 'ndjson' | 'combined';
  /** `now`: every timestamp is moved by the same span, so that the latest one is now. */
  readonly time: 'original' | 'now';
}

/** Options for `parseArgs` of `node:util`; `parseTraffic` reads their values. */
export const trafficOptions = {
  rate: { type: 'string' },
  max: { type: 'boolean' },
  count: { type: 'string' },
  duration: { type: 'string' },
  seed: { type: 'string' },
  input: { type: 'string' },
  format: { type: 'string' },
  time: { type: 'string' },
} as const satisfies ParseArgsOptionsConfig;

export type TrafficValues = {
  readonly [Name in keyof typeof trafficOptions]?:
    | ((typeof trafficOptions)[Name]['type'] extends 'boolean' ? boolean : string)
    | undefined;
};

/**
 * Reads and checks the traffic options. Throws a `SetupError` that names the option, its value and what is allowed.
 *
 * @param defaultPerSecond the rate of generated events if none was asked for; an input goes as fast as it can
 */
export function parseTraffic(values: TrafficValues, defaultPerSecond = 1): Traffic {
  const { rate, max = false, input } = values;
  if (rate !== undefined && max)
    throw new SetupError('--rate and --max exclude each other: give one of them');
  const unpaced = max || (input !== undefined && rate === undefined);
  const perSecond = numberOption('rate', rate, { most: 1_000_000, whole: false }) ?? defaultPerSecond;
  const seconds = numberOption('duration', values.duration, { most: 31_536_000, whole: false });
  return {
    input: input === undefined ? parseSynthetic(values) : parseFile(values, input),
    rate: unpaced ? { kind: 'max' } : { kind: 'steady', perSecond },
    count: numberOption('count', values.count, { most: Number.MAX_SAFE_INTEGER, whole: true }),
    durationMs: seconds === undefined ? undefined : seconds * 1000,
    isDefault: rate === undefined && !max && input === undefined,
  };
}

function parseSynthetic({ seed, format, time }: TrafficValues): SyntheticInput {
  if (format !== undefined) throw new SetupError('--format says how to read --input, which is missing');
  if (time === 'original' && seed === undefined) {
    throw new SetupError('--time original needs --input or --seed: other generated events happen now');
  }
  const original = seed === undefined ? 'now' : 'original';
  return { kind: 'synthetic', seed, time: oneOf('time', time, ['original', 'now']) ?? original };
}

function parseFile({ seed, format, time }: TrafficValues, path: string): FileInput {
  if (seed !== undefined) throw new SetupError('--seed is for generated events; with --input there are none');
  if (path === '') throw new SetupError('--input is empty; allowed: a file, or - for standard input');
  if (path === '-' && time === 'now') {
    throw new SetupError(
      '--time now reads the input twice, which standard input does not allow; give a file',
    );
  }
  return {
    kind: 'file',
    path,
    format: oneOf('format', format, ['ndjson', 'combined']) ?? 'ndjson',
    time: oneOf('time', time, ['original', 'now']) ?? 'original',
  };
}

/** A positive number, or undefined where the option was not given. */
export function numberOption(
  name: string,
  text: string | undefined,
  { most, whole }: { readonly most: number; readonly whole: boolean },
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= most && (!whole || Number.isSafeInteger(value))) return value;
  const allowed = whole ? `a whole number from 1 to ${most}` : `a number above 0, up to ${most}`;
  throw new SetupError(`--${name} is "${text}"; allowed: ${allowed}`);
}

function oneOf<const T extends string>(
  name: string,
  text: string | undefined,
  allowed: readonly T[],
): T | undefined {
  if (text === undefined) return undefined;
  const found = allowed.find((value) => value === text);
  if (found === undefined) throw new SetupError(`--${name} is "${text}"; allowed: ${allowed.join(', ')}`);
  return found;
}
