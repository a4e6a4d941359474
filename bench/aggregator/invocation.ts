import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import type { Plugin } from 'esbuild';
import { bundleFunction, loadBundle, repository } from '../bundle';
import type { Batch } from './batches';
import type { Contender } from './contenders';
import type { Counts } from './contenders/counts';

/** A contender's function, loaded. */
export interface LoadedContender extends Contender {
  /** The whole of an invocation: the event's bytes in, the answer's bytes out. */
  readonly invoke: (batch: Batch) => Promise<Buffer>;
  /** What it has counted since the last time. */
  readonly takeCounts: () => Counts;
}

/** The product's own handler says nothing of what it has counted. */
interface Bundle {
  readonly handler: (event: KinesisStreamEvent, context: Context) => Promise<KinesisStreamBatchResponse>;
  readonly takeCounts?: () => Counts;
}

/** Leaves the network out, and nothing else. */
const withoutNetwork: Plugin = {
  name: 'without network',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\/dynamo-calls$/ }, () => ({
      path: join(repository, 'bench/aggregator/contenders/null-calls.ts'),
    }));
  },
};

/**
 * Bundles every contender as the stacks bundle a function, since what a bundler does to code changes its speed.
 *
 * @param table a server for the SDK's calls; without it, the product makes none
 */
export async function loadContenders(
  contenders: readonly Contender[],
  table?: string,
): Promise<LoadedContender[]> {
  const directory = await mkdtemp(join(tmpdir(), 'aggregators-'));
  try {
    const files = await Promise.all(
      contenders.map(async ({ name, entry }) => {
        const file = join(directory, `${name}.js`);
        await bundleFunction(entry, file, table === undefined ? { plugins: [withoutNetwork] } : {});
        return file;
      }),
    );
    return contenders.map((contender, index) => {
      Object.assign(process.env, contender.environment, table === undefined ? {} : accessTo(table));
      const { handler, takeCounts = () => new Map() } = loadBundle<Bundle>(files[index]!);
      return { ...contender, takeCounts, invoke: invocationOf(handler) };
    });
  } finally {
    await rm(directory, { recursive: true });
  }
}

function accessTo(endpoint: string): Readonly<Record<string, string>> {
  return {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  };
}

const context = { getRemainingTimeInMillis: () => 60_000 } as Context;

function invocationOf(handler: Bundle['handler']): LoadedContender['invoke'] {
  return async (batch) => {
    const event = JSON.parse(batch.toString('utf8'));
    const answer = await handler(event, context);
    return Buffer.from(JSON.stringify(answer));
  };
}
