import type { ParseArgsOptionsConfig } from 'node:util';
import { parseOptions } from '../cli/arguments';
import { portOption } from '../cli/option-values';
import { type Place, parsePlace, placeOptions } from '../cli/place';

export type DashboardCommand = { readonly kind: 'help' } | ({ readonly kind: 'serve' } & DashboardTarget);

export interface DashboardTarget {
  /** Where the aggregates are. */
  readonly target: Place;
  /** On 127.0.0.1; 0 takes any free one. */
  readonly port: number;
}

const defaultPort = 4590;

const options = {
  ...placeOptions,
  port: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

/** Reads the arguments. Throws a `SetupError` that names the option, its value and what is allowed. */
export function parseDashboardCommand(args: readonly string[]): DashboardCommand {
  const values = parseOptions(args, options);
  if (values.help) return { kind: 'help' };
  return { kind: 'serve', target: parsePlace(values), port: portOption(values.port) ?? defaultPort };
}

export const help = `Usage: npm run dashboard -- [options]

Serves the dashboard of a pipeline on this machine, until Ctrl-C. Nothing is deployed: it reads the table with your
own credentials. A pipeline that npm start runs has its dashboard already, at the address that it prints first.

  npm run dashboard -- --stack clickstream-prod --profile production
  npm run dashboard                                       what the pipeline on this machine has left

  --stack NAME        a deployed pipeline, by what its stacks' names begin with, or one of its stacks
  --profile P, --region R, --endpoint-url U               whose credentials, and where; else as the AWS CLI has it
  --local [DIR]       the pipeline on this machine, running or not (.local)
  --port N            the port on 127.0.0.1 (${defaultPort}); 0 takes any
  -h, --help

The identity needs dynamodb:Query on the table and cloudformation:DescribeStacks on the stack (docs/dashboard.md).
Exit code: 0 after Ctrl-C, 1 on failure, 2 on wrong options or settings.
`;
