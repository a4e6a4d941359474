import type { Environment } from '../../domain/function/function-environment';
import { type FunctionLog, functionLog, metricSource } from '../../domain/function/function-log';

/**
 * The log of a function that runs: on standard output, which Lambda hands to CloudWatch Logs.
 *
 * @throws Error that names the variable of the environment that is missing
 */
export function printedLog(service: string, environment: Environment): FunctionLog {
  return functionLog(
    metricSource(service, environment),
    // Not `console`, before whose lines the runtime writes the time.
    (line) => process.stdout.write(`${line}\n`),
    Date.now,
  );
}
