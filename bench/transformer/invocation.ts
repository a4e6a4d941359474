import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FirehoseTransformationHandler, FirehoseTransformationResult } from 'aws-lambda';
import { bundleFunction, loadBundle } from '../bundle';
import { deploymentNames } from '../function-environment';
import type { Batch } from './batch';
import type { Contender } from './contenders';

/** A contender's function, loaded. */
export interface LoadedContender extends Contender {
  /** The whole of an invocation: the event's bytes in, the answer's bytes out. */
  readonly invoke: (body: Buffer) => Promise<Buffer>;
}

type Handler = (...args: Parameters<FirehoseTransformationHandler>) => Promise<FirehoseTransformationResult>;

/** Bundles every contender as the stacks bundle a function, since what a bundler does to code changes its speed. */
export async function loadContenders(contenders: readonly Contender[]): Promise<LoadedContender[]> {
  Object.assign(process.env, deploymentNames);
  const directory = await mkdtemp(join(tmpdir(), 'transformers-'));
  try {
    return await Promise.all(
      contenders.map(async (contender) => {
        const file = join(directory, `${contender.name}.js`);
        await bundleFunction(contender.entry, file);
        const { handler } = loadBundle<{ handler: Handler }>(file);
        return { ...contender, invoke: invocationOf(handler) };
      }),
    );
  } finally {
    await rm(directory, { recursive: true });
  }
}

function invocationOf(handler: Handler): LoadedContender['invoke'] {
  return async (body) => {
    const event = JSON.parse(body.toString('utf8'));
    const answer = await handler(event, undefined as never, undefined as never);
    return Buffer.from(JSON.stringify(answer));
  };
}

/** Whether an answer is right for every record of the batch, in order. */
export function isRightAnswer(answer: Buffer, { body, records }: Batch, { isRight }: Contender): boolean {
  const given: FirehoseTransformationResult['records'] = JSON.parse(answer.toString()).records;
  const asked: readonly { recordId: string }[] = JSON.parse(body.toString()).records;
  return (
    given.length === records.length &&
    given.every(({ recordId, result, data }, index) => {
      const line = result === 'Ok' ? Buffer.from(data!, 'base64').toString() : undefined;
      return recordId === asked[index]!.recordId && isRight(records[index]!, line);
    })
  );
}
