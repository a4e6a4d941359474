import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FunctionSpec } from '../deployment';
import { type Environment, startEnvironment } from './environment';
import type { LambdaFunction } from './lambda-function';
import { lambdaVariables } from './lambda-variables';

/** AWS docs: "Lambda quotas", invocation payload of a synchronous request. */
const longestEventBytes = 6 * 1024 * 1024;

export interface FunctionOptions {
  readonly region: string;
  /** File to which the function's standard output and error are appended; its folder is made if missing. */
  readonly logFile: string;
  /** Environment beside the template's: endpoints of the laptop and the keys to them. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface RunningFunction extends LambdaFunction {
  /** Ends every process of the function, also in mid-invocation. */
  close(): Promise<void>;
}

/**
 * Runs a function from its bundled asset as Lambda would: processes of its own that are kept warm, one for
 * each concurrent invocation, with time-out and memory limit enforced. They end with this process.
 */
export function startFunction(spec: FunctionSpec, options: FunctionOptions): RunningFunction {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a');
  const variables = lambdaVariables(spec, options.region, options.environment ?? {}, process.env);
  const environments = new Set<Environment>();
  const idle: Environment[] = [];
  let closed = false;

  const take = (): Environment => {
    for (let warm = idle.pop(); warm !== undefined; warm = idle.pop()) {
      if (warm.isUsable()) return warm;
      environments.delete(warm);
    }
    const cold = startEnvironment(spec, variables, log);
    environments.add(cold);
    return cold;
  };

  return {
    arn: spec.arn,
    name: spec.name,
    roleArn: spec.roleArn,

    async invoke(eventJson) {
      if (closed) throw new Error(`function ${spec.name} is closed`);
      const eventBytes = Buffer.byteLength(eventJson);
      if (eventBytes > longestEventBytes) {
        return {
          kind: 'failed',
          errorType: 'RequestTooLargeException',
          errorMessage: `${eventBytes} byte payload is too large for the Invoke operation (limit ${longestEventBytes} bytes)`,
        };
      }
      const environment = take();
      const requestId = randomUUID();
      const invocation = await environment.invoke(requestId, eventJson);
      // Cut short by `close`, which is no failure of the function.
      if (closed) throw new Error(`function ${spec.name} was closed in mid-invocation`);
      if (environment.isUsable()) {
        idle.push(environment);
      } else {
        environments.delete(environment);
        // The process could not say it itself.
        if (invocation.kind === 'failed') {
          const { errorType, errorMessage } = invocation;
          writeSync(log, `${JSON.stringify({ level: 'ERROR', requestId, errorType, errorMessage })}\n`);
        }
      }
      return invocation;
    },

    async close() {
      if (closed) return;
      closed = true;
      await Promise.all([...environments].map((environment) => environment.kill()));
      closeSync(log);
    },
  };
}
