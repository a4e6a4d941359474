import type { Writable } from 'node:stream';
import { explained } from '../cli/explain-aws-error';
import { SetupError } from '../cli/setup-error';
import { help, parseRecoverCommand, type RecoverCommand } from './command-line';
import { connectPipeline, type PipelineConnection } from './connection';
import { type FailureStores, listFailures } from './list';
import { s3ObjectStore } from './objects/object-store';
import { showObject } from './show';
import { failuresText, shownText } from './text';

export interface RecoverPorts {
  readonly stdout: Writable;
  readonly stderr: Writable;
}

export const exitCodes = { done: 0, failed: 1, setup: 2 } as const;

/** What a command has to say, and its exit code. */
interface Answer {
  readonly json: object;
  readonly text: string;
  readonly code: number;
}

/** The `recover` command; returns its exit code. */
export async function runRecover(args: readonly string[], ports: RecoverPorts): Promise<number> {
  try {
    const command = parseRecoverCommand(args);
    if (command.kind === 'help') {
      ports.stdout.write(help);
      return exitCodes.done;
    }
    const { json, text, code } = await answer(command);
    ports.stdout.write(command.json ? `${JSON.stringify(json)}\n` : text);
    return code;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    ports.stderr.write(`recover: ${error.message}\n`);
    return exitCodes.setup;
  }
}

type Command = Exclude<RecoverCommand, { readonly kind: 'help' }>;

async function answer(command: Command): Promise<Answer> {
  const pipeline = await connectPipeline(command.place);
  try {
    return await runCommand(command, pipeline);
  } catch (error) {
    throw explained(error, pipeline.context);
  } finally {
    await pipeline.close();
  }
}

async function runCommand(command: Command, pipeline: PipelineConnection): Promise<Answer> {
  const stores = failureStores(pipeline);
  switch (command.kind) {
    case 'list': {
      const failures = await listFailures(stores, command.all);
      return { json: failures, text: failuresText(failures), code: exitCodes.done };
    }
    case 'show': {
      const shown = await showObject(stores, command.key);
      return { json: shown, text: shownText(shown), code: exitCodes.done };
    }
  }
}

function failureStores({ s3, names }: PipelineConnection): FailureStores {
  return {
    archive: s3ObjectStore(s3, names.archiveBucket),
    onFailure: names.onFailureBucket === undefined ? undefined : s3ObjectStore(s3, names.onFailureBucket),
  };
}
