import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { FunctionSpec } from '../deployment';
import type { Invocation } from './lambda-function';
import { memorySampleMs, residentMemory } from './resident-memory';

type Failure = Extract<Invocation, { kind: 'failed' }>;

type MessageOfChild =
  | { readonly kind: 'ready' }
  | { readonly kind: 'returned'; readonly requestId: string; readonly json: string; readonly bytes: number }
  /** Fatal: out of the event loop or while loading; the process ends after this message. */
  | (Failure & { readonly requestId?: string; readonly fatal: boolean });

/** Lambda gives the code outside the handler this long. AWS docs: "Understanding the Lambda execution environment lifecycle". */
const longestInitMs = 10_000;

/** One process that runs a function's code, for one invocation at a time. */
export interface Environment {
  /** False once the process is gone or may not be used again. */
  isUsable(): boolean;
  invoke(requestId: string, eventJson: string): Promise<Invocation>;
  kill(): Promise<void>;
}

/**
 * Starts a process for the function.
 *
 * @param variables all of its environment
 * @param log descriptor of the file to which its standard output and error go
 */
export function startEnvironment(
  spec: FunctionSpec,
  variables: Readonly<Record<string, string>>,
  log: number,
): Environment {
  const child = spawn(
    process.execPath,
    [
      // The shares that Lambda's own runtime gives the heap; the whole process is watched below.
      `--max-old-space-size=${Math.floor(spec.memoryMiB * 0.9)}`,
      `--max-semi-space-size=${Math.max(1, Math.floor(spec.memoryMiB * 0.05))}`,
      join(__dirname, 'bootstrap.cjs'),
      // For whoever looks at the list of processes.
      spec.name,
    ],
    {
      cwd: spec.assetPath,
      env: variables,
      stdio: ['ignore', log, log, 'ipc'],
      // Passes a text of 6 MB three times as fast as JSON in JSON.
      serialization: 'advanced',
    },
  );
  let usable = true;
  child.on('message', (message: MessageOfChild) => {
    if (message.kind === 'failed' && message.fatal) usable = false;
  });
  const exited = new Promise<void>((resolve) => {
    const gone = () => {
      usable = false;
      resolve();
    };
    child.once('exit', gone);
    child.once('error', gone);
  });
  const isUsable = () => usable && !child.killed;
  const kill = async () => {
    usable = false;
    child.kill('SIGKILL');
    await exited;
  };
  const initialized = waitForReady(child);

  return {
    isUsable,
    kill,
    async invoke(requestId, eventJson) {
      const initFailure = await initialized;
      const invocation = initFailure ?? (await invokeChild(child, spec, requestId, eventJson));
      // Only when the process is gone may the caller try again: it must not write beside its successor.
      if (initFailure || !isUsable()) await kill();
      return invocation;
    },
  };
}

const failed = (errorType: string, errorMessage: string): Failure => ({
  kind: 'failed',
  errorType,
  errorMessage,
});

/** Resolves with undefined when the handler is loaded, else with what went wrong. */
function waitForReady(child: ChildProcess): Promise<Failure | undefined> {
  return new Promise((resolve) => {
    const settle = (failure?: Failure) => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(failure);
    };
    const onMessage = (message: MessageOfChild) => {
      settle(message.kind === 'failed' ? failed(message.errorType, message.errorMessage) : undefined);
    };
    const onExit = (code: number | null, signal: string | null) => {
      settle(failed('Runtime.ExitError', describeExit(code, signal)));
    };
    const timer = setTimeout(() => {
      settle(failed('Sandbox.Timedout', `Init timed out after ${(longestInitMs / 1000).toFixed(2)} seconds`));
    }, longestInitMs);
    child.on('message', onMessage);
    child.once('exit', onExit);
    child.once('error', (error) => settle(failed('Runtime.ExitError', error.message)));
  });
}

/** Sends one event and waits for the answer, the time-out, too much memory or the end of the process. */
function invokeChild(
  child: ChildProcess,
  spec: FunctionSpec,
  requestId: string,
  eventJson: string,
): Promise<Invocation> {
  return new Promise((resolve) => {
    const timeoutMs = spec.timeoutSeconds * 1000;
    const settle = (invocation: Invocation) => {
      clearTimeout(timer);
      clearInterval(sampler);
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(invocation);
    };
    const stop = (errorType: string, message: string) => {
      child.kill('SIGKILL');
      settle(failed(errorType, `RequestId: ${requestId} Error: ${message}`));
    };
    const onMessage = (message: MessageOfChild) => {
      if (message.kind === 'ready' || message.requestId !== requestId) return;
      if (message.kind === 'failed') return settle(failed(message.errorType, message.errorMessage));
      settle({ kind: 'returned', payload: JSON.parse(message.json), payloadBytes: message.bytes });
    };
    const onExit = (code: number | null, signal: string | null) => {
      settle(failed('Runtime.ExitError', `RequestId: ${requestId} Error: ${describeExit(code, signal)}`));
    };
    const timer = setTimeout(() => {
      stop('Sandbox.Timedout', `Task timed out after ${spec.timeoutSeconds.toFixed(2)} seconds`);
    }, timeoutMs);
    const sampler = setInterval(async () => {
      const bytes = await residentMemory(child.pid ?? 0);
      if (bytes !== undefined && bytes > spec.memoryMiB * 1024 * 1024) {
        stop('Runtime.OutOfMemory', 'Runtime exited with error: signal: killed');
      }
    }, memorySampleMs);
    child.on('message', onMessage);
    child.once('exit', onExit);
    if (child.exitCode !== null || child.signalCode !== null) return onExit(child.exitCode, child.signalCode);
    const request = { requestId, eventJson, functionArn: spec.arn, deadline: Date.now() + timeoutMs };
    // A send that fails means that the process is going; its exit settles the invocation.
    child.send(request, () => {});
  });
}

function describeExit(code: number | null, signal: string | null): string {
  if (signal === 'SIGABRT') return 'Runtime exited with error: signal: aborted';
  if (signal !== null)
    return `Runtime exited with error: signal: ${signal === 'SIGKILL' ? 'killed' : signal}`;
  return code === 0
    ? 'Runtime exited without providing a reason'
    : `Runtime exited with error: exit status ${code}`;
}
