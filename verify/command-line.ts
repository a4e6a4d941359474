import type { ParseArgsOptionsConfig } from 'node:util';
import { parseOptions } from '../cli/arguments';
import { SetupError } from '../cli/setup-error';
import type { Target } from '../producer/connection';
import { parseTarget, targetOptions } from '../producer/target';

export type VerifyCommand =
  | { readonly kind: 'help' }
  | {
      readonly kind: 'verify';
      readonly ledger: string;
      readonly target: Target;
      readonly json: boolean;
    };

const options = {
  ...targetOptions,
  ledger: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

/** Reads the arguments. Throws a `SetupError` that says what is wrong with them. */
export function parseVerifyCommand(args: readonly string[]): VerifyCommand {
  const values = parseOptions(args, options);
  if (values.help) return { kind: 'help' };
  if (!values.ledger) throw new SetupError('the ledger is missing: give --ledger FILE');
  return {
    kind: 'verify',
    ledger: values.ledger,
    target: parseTarget(values, 'to look'),
    json: values.json ?? false,
  };
}

export const help = `Usage: npm run verify-ledger -- --ledger FILE WHERE

Compares what the producer wrote into a ledger with what the stream holds; on this machine with
the archive and the counters, too.

  npm run verify-ledger -- --ledger sent.ndjson --local
  npm run verify-ledger -- --ledger sent.ndjson --stream clicks --region eu-central-1

  --stream NAME | --stack NAME | --local [DIR]   a stream, the stack that has it, or this machine
  --region R, --profile P, --endpoint-url URL    otherwise as the AWS SDK finds them
  --json                                         the result as one JSON object
  -h, --help

It reads the whole stream. What has left the stream (retention) or is under way (the archive is
written some time after) counts as missing.

Exit code: 0 all that the ledger has as accepted is there, 1 some is not, 2 wrong options.
`;
