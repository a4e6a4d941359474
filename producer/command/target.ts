import type { ParseArgsOptionsConfig } from 'node:util';
import { parseAccess } from '../../cli/aws-access';
import { type PlaceValues, parsePlace, placeOptions } from '../../cli/place';
import { SetupError } from '../../cli/setup-error';
import type { Target } from '../client/connection';

/** Options for `parseArgs` of `node:util`; `parseTarget` reads their values. */
export const targetOptions = {
  stream: { type: 'string' },
  ...placeOptions,
} as const satisfies ParseArgsOptionsConfig;

export type TargetValues = PlaceValues & { readonly stream?: string | undefined };

/**
 * Which stream is meant. Throws a `SetupError` for none, and for more than one.
 *
 * @param what what is done there, for the error: `to send to`
 */
export function parseTarget({ stream, ...place }: TargetValues, what: string): Target {
  const named = [stream, place.stack, place.local].filter((value) => value !== undefined);
  if (named.length !== 1) {
    const problem = named.length === 0 ? `where ${what} is missing` : `there is more than one place ${what}`;
    throw new SetupError(`${problem}: give one of --stream NAME, --stack NAME or --local`);
  }
  if (stream === undefined) return parsePlace(place);
  if (stream === '') throw new SetupError('--stream needs a name');
  return { kind: 'stream', name: stream, access: parseAccess(place) };
}
