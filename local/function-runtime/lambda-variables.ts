import { devNull } from 'node:os';
import type { FunctionSpec } from '../deployment';

/** Variables of the developer's shell without which a process cannot run at all. */
const keptFromShell = ['PATH', 'SystemRoot'];

/**
 * The environment of a function's process: what the template says, what the laptop adds (`extra`: endpoints
 * and keys), and Lambda's own variables, which a function cannot override. AWS docs: "Using Lambda
 * environment variables".
 */
export function lambdaVariables(
  spec: FunctionSpec,
  region: string,
  extra: Readonly<Record<string, string>>,
  shell: NodeJS.ProcessEnv,
): Record<string, string> {
  const kept = keptFromShell.flatMap((name) => (shell[name] === undefined ? [] : [[name, shell[name]]]));
  return {
    ...Object.fromEntries(kept),
    LANG: 'en_US.UTF-8',
    // The SDK would read the developer's ~/.aws otherwise.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    ...spec.environment,
    ...extra,
    TZ: 'UTC',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
    AWS_LAMBDA_FUNCTION_NAME: spec.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMiB),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    LAMBDA_TASK_ROOT: spec.assetPath,
    _HANDLER: spec.handler,
  };
}
