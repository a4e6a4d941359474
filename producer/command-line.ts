import { resolve } from 'node:path';
import type { ParseArgsOptionsConfig } from 'node:util';
import { parseOptions } from '../cli/arguments';
import { accessOptions, parseAccess } from '../cli/aws-access';
import { SetupError } from '../cli/setup-error';
import type { Target } from './connection';
import { numberOption, parseTraffic, type Traffic, trafficOptions } from './options';

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'dry-run'; readonly traffic: Traffic }
  | {
      readonly kind: 'produce';
      readonly traffic: Traffic;
      readonly target: Target;
      readonly maxAttempts: number | undefined;
      /** Where to keep events that never get through; undefined: a new file in the working directory. */
      readonly failedFile: string | undefined;
      readonly json: boolean;
    };

const options = {
  ...trafficOptions,
  ...accessOptions,
  stream: { type: 'string' },
  stack: { type: 'string' },
  local: { type: 'string' },
  attempts: { type: 'string' },
  failed: { type: 'string' },
  json: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

type Values = ReturnType<typeof parseOptions<typeof options>>;

/** Reads the arguments. Throws a `SetupError` that says what is wrong with them. */
export function parseCommand(args: readonly string[]): Command {
  const values = parseOptions(args, options);
  if (values.help) return { kind: 'help' };
  const traffic = parseTraffic(values);
  if (values['dry-run']) {
    if (values.json) throw new SetupError('--dry-run prints events and --json a summary: give one of them');
    return { kind: 'dry-run', traffic };
  }
  const { input } = traffic;
  const { failed } = values;
  if (failed !== undefined && input.kind === 'file' && resolve(failed) === resolve(input.path)) {
    throw new SetupError(`--failed and --input are both ${failed}: failed events would be read again`);
  }
  return {
    kind: 'produce',
    traffic,
    target: parseTarget(values),
    maxAttempts: numberOption('attempts', values.attempts, { most: 1000, whole: true }),
    failedFile: failed,
    json: values.json ?? false,
  };
}

function parseTarget({ stream, stack, local, region, profile, 'endpoint-url': endpoint }: Values): Target {
  const named = [stream, stack, local].filter((value) => value !== undefined);
  if (named.length !== 1) {
    const problem =
      named.length === 0 ? 'where to send to is missing' : 'there is more than one place to send to';
    throw new SetupError(`${problem}: give one of --stream NAME, --stack NAME or --local (or --dry-run)`);
  }
  if (local !== undefined) {
    if (region ?? profile ?? endpoint) {
      throw new SetupError('--local brings its own --region, --profile and --endpoint-url: leave them out');
    }
    return { kind: 'local', directory: local };
  }
  const access = parseAccess({ region, profile, 'endpoint-url': endpoint });
  if (named[0] === '') throw new SetupError('--stream and --stack need a name');
  return stack === undefined
    ? { kind: 'stream', name: stream!, access }
    : { kind: 'stack', name: stack, access };
}
