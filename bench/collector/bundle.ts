import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { FunctionEnvironment } from '../../domain/function/function-log';
import { CollectorEnvironment } from '../../lambda/collector/contract';
import { bundleForBrowsers, bundleInto } from '../../lib/function-bundling';
import type { CollectorContender } from './contenders';

export interface BundledCollector {
  readonly name: string;
  readonly what: string;
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
}

export type Handler = (event: LambdaFunctionURLEvent) => Promise<{ readonly statusCode: number }>;

/** What every function finds in Lambda, with a server in AWS's place. */
const environmentAt = (endpoint: string) => ({
  [FunctionEnvironment.project]: 'clickstream',
  [FunctionEnvironment.stage]: 'prod',
  [CollectorEnvironment.streamName]: 'clicks',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_ENDPOINT_URL: endpoint,
});

/** Bundles functions as the stacks do, and lends them until `work` is done. */
export async function withBundles<Value>(
  contenders: readonly Omit<CollectorContender, 'recordsOf'>[],
  endpoint: string,
  work: (bundles: readonly BundledCollector[]) => Promise<Value>,
): Promise<Value> {
  const directory = await mkdtemp(join(tmpdir(), 'collectors-'));
  try {
    const bundles = contenders.map(({ name, what, entry, environment, browserFiles = [] }) => {
      const folder = join(directory, name);
      bundleInto(folder, entry);
      for (const file of browserFiles) bundleForBrowsers(folder, file);
      const file = join(folder, 'index.js');
      return { ...{ name, what, file }, environment: { ...environmentAt(endpoint), ...environment } };
    });
    return await work(bundles);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Into this process: it reads its environment when it is loaded, and what it asks for later when it is first called. */
export function loadBundle({ file, environment }: BundledCollector): Handler {
  Object.assign(process.env, environment);
  return createRequire(file)(file).handler;
}
