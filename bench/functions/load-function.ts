import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import { build, type Plugin } from 'esbuild';
import { FunctionEnvironment } from '../../domain/function/function-log';
import { AggregatorEnvironment } from '../../lambda/aggregator/contract';
import { functionBundling } from '../../lib/function-bundling';
import type { Counts } from './contenders/map-each';

export interface LoadedFunction {
  /** The whole of an invocation: the event's bytes in, the answer's bytes out. */
  readonly invoke: (body: Buffer) => Promise<Buffer>;
  /** What it has counted since the last time; a transformer counts nothing. */
  readonly takeCounts: () => Counts;
}

interface Bundle {
  readonly handler: (event: unknown, context: Context) => Promise<unknown>;
  readonly takeCounts?: () => Counts;
}

/** Leaves the network out, and nothing else. */
const withoutNetwork: Plugin = {
  name: 'without network',
  setup: ({ onResolve }) => {
    const path = join(__dirname, 'contenders/null-calls.ts');
    onResolve({ filter: /^\.\/dynamo-calls$/ }, () => ({ path }));
  },
};

const environment = {
  [FunctionEnvironment.project]: 'clickstream',
  [FunctionEnvironment.stage]: 'prod',
  [AggregatorEnvironment.tableName]: 'aggregates',
  [AggregatorEnvironment.minutesForDays]: '0',
  [AggregatorEnvironment.logDays]: '14',
  AWS_REGION: 'us-east-1',
};
const context = { getRemainingTimeInMillis: () => 60_000 } as Context;

/**
 * Bundles a function as the stacks do, since what a bundler does to code changes its speed, and loads it.
 *
 * @param entry of a module in `contenders/`, or of one of the product's from there
 * @param settings what it reads of its environment, beside what every function does
 */
export async function loadFunction(
  entry: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<LoadedFunction> {
  const directory = await mkdtemp(join(tmpdir(), 'functions-'));
  const outfile = join(directory, 'index.js');
  const entryPoints = [join(__dirname, 'contenders', entry)];
  try {
    await build({ ...functionBundling, entryPoints, outfile, plugins: [withoutNetwork], logLevel: 'error' });
    Object.assign(process.env, environment, settings);
    const { handler, takeCounts = () => new Map() }: Bundle = createRequire(outfile)(outfile);
    const invoke = async (body: Buffer) =>
      Buffer.from(JSON.stringify(await handler(JSON.parse(body.toString('utf8')), context)));
    return { invoke, takeCounts };
  } finally {
    await rm(directory, { recursive: true });
  }
}
