import { resolve } from 'node:path';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { Target } from './connection';
import { numberOption, parseTraffic, type Traffic, trafficOptions } from './options';
import { SetupError } from './setup-error';

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
  stream: { type: 'string' },
  stack: { type: 'string' },
  local: { type: 'string' },
  region: { type: 'string' },
  profile: { type: 'string' },
  'endpoint-url': { type: 'string' },
  attempts: { type: 'string' },
  failed: { type: 'string' },
  json: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

type Values = ReturnType<typeof parse>;

/** Reads the arguments. Throws a `SetupError` that says what is wrong with them. */
export function parseCommand(args: readonly string[]): Command {
  const values = parse(args);
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
  const access = {
    ...(region && { region }),
    ...(profile && { profile }),
    ...(endpoint && { endpoint: checkedUrl(endpoint) }),
  };
  if (named[0] === '') throw new SetupError('--stream and --stack need a name');
  return stack === undefined
    ? { kind: 'stream', name: stream!, access }
    : { kind: 'stack', name: stack, access };
}

function checkedUrl(text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new SetupError(`--endpoint-url is "${text}"; allowed: an address such as http://127.0.0.1:4567`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: withLocalDirectory(args), options, strict: true, allowPositionals: false })
      .values;
  } catch (error) {
    // `parseArgs` adds advice on positional arguments, of which there are none here.
    if (error instanceof TypeError) throw new SetupError(error.message.split('. To specify')[0]!);
    throw error;
  }
}

/** `--local` takes a directory or none, which `parseArgs` does not know: the default is filled in. */
function withLocalDirectory(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    if (arg !== '--local') return arg;
    const next = args[index + 1];
    return next === undefined || next.startsWith('-') ? '--local=.local' : arg;
  });
}
