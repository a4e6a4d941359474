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

interface Bundle {
  readonly handler: (event: KinesisStreamEvent, context: Context) => Promise<KinesisStreamBatchResponse>;
  readonly takeCounts: () => Counts;
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

/** Bundles every contender as the stacks bundle a function, since what a bundler does to code changes its speed. */
export async function loadContenders(contenders: readonly Contender[]): Promise<LoadedContender[]> {
  const directory = await mkdtemp(join(tmpdir(), 'aggregators-'));
  try {
    const files = await Promise.all(
      contenders.map(async ({ name, entry }) => {
        const file = join(directory, `${name}.js`);
        await bundleFunction(entry, file, { plugins: [withoutNetwork] });
        return file;
      }),
    );
    return contenders.map((contender, index) => {
      Object.assign(process.env, contender.environment);
      const { handler, takeCounts } = loadBundle<Bundle>(files[index]!);
      return { ...contender, takeCounts, invoke: invocationOf(handler) };
    });
  } finally {
    await rm(directory, { recursive: true });
  }
}

const context = { getRemainingTimeInMillis: () => 60_000 } as Context;

function invocationOf(handler: Bundle['handler']): LoadedContender['invoke'] {
  return async (batch) => {
    const event = JSON.parse(batch.toString('utf8'));
    const answer = await handler(event, context);
    return Buffer.from(JSON.stringify(answer));
  };
}
