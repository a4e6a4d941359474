import type { ParseArgsOptionsConfig } from 'node:util';
import { type AccessValues, accessOptions, parseAccess } from '../../cli/aws-access';
import { SetupError } from '../../cli/setup-error';
import type { Target } from '../client/connection';

/** Options for `parseArgs` of `node:util`; `parseTarget` reads their values. */
export const targetOptions = {
  stream: { type: 'string' },
  stack: { type: 'string' },
  local: { type: 'string' },
  ...accessOptions,
} as const satisfies ParseArgsOptionsConfig;

export type TargetValues = AccessValues & {
  readonly [Name in 'stream' | 'stack' | 'local']?: string | undefined;
};

/**
 * Which stream is meant. Throws a `SetupError` for none, and for more than one.
 *
 * @param what what is done there, for the error: `to send to`
 */
export function parseTarget(values: TargetValues, what: string): Target {
  const { stream, stack, local, region, profile, 'endpoint-url': endpoint } = values;
  const named = [stream, stack, local].filter((value) => value !== undefined);
  if (named.length !== 1) {
    const problem = named.length === 0 ? `where ${what} is missing` : `there is more than one place ${what}`;
    throw new SetupError(`${problem}: give one of --stream NAME, --stack NAME or --local`);
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
