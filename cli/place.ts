import type { ParseArgsOptionsConfig } from 'node:util';
import { type AccessValues, type AwsAccess, accessOptions, parseAccess } from './aws-access';
import { SetupError } from './setup-error';

/** A pipeline that is deployed, by the name of a stack, or the one of a directory on this machine. */
export type Place =
  | { readonly kind: 'stack'; readonly name: string; readonly access: AwsAccess }
  | { readonly kind: 'local'; readonly directory: string };

/** Options for `parseArgs` of `node:util`; `parsePlace` reads their values. */
export const placeOptions = {
  stack: { type: 'string' },
  local: { type: 'string' },
  ...accessOptions,
} as const satisfies ParseArgsOptionsConfig;

export type PlaceValues = AccessValues & { readonly [Name in 'stack' | 'local']?: string | undefined };

/** `.local` where nothing is said. Throws a `SetupError` for options that do not go together. */
export function parsePlace({ stack, local, ...access }: PlaceValues): Place {
  if (stack === undefined) {
    const given = Object.keys(accessOptions).find(
      (name) => access[name as keyof typeof accessOptions] !== undefined,
    );
    if (given !== undefined) throw new SetupError(`--${given} is for --stack, which is missing`);
    return { kind: 'local', directory: local ?? '.local' };
  }
  if (local !== undefined) throw new SetupError('--stack and --local exclude each other: give one of them');
  if (stack === '') throw new SetupError('--stack needs a name');
  return { kind: 'stack', name: stack, access: parseAccess(access) };
}
