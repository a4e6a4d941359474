import type { FunctionSpec } from '../deployment';
import type { ResolvedResource } from './resource';
import {
  checkProperties,
  harmless,
  numberOf,
  objectOf,
  only,
  optionalTextOf,
  type Rules,
  refuse,
  refused,
  textOf,
} from './settings';

const rules: Rules = {
  FunctionName: 'handled',
  Code: 'handled',
  Handler: 'handled',
  Runtime: 'handled',
  Environment: 'handled',
  Role: 'handled',
  Timeout: 'handled',
  MemorySize: 'handled',
  Architectures: harmless("a JavaScript bundle runs on the laptop's own processor"),
  Description: harmless('a label'),
  EphemeralStorage: harmless('a limit on disk space'),
  KmsKeyArn: harmless('encryption at rest is invisible to clients'),
  LoggingConfig: harmless('what the function prints goes to its log file'),
  RecursiveLoop: harmless('the functions do not invoke themselves'),
  ReservedConcurrentExecutions: harmless('nothing throttles here'),
  RuntimeManagementConfig: harmless('the laptop runs its own Node'),
  Tags: harmless('a label'),
  TracingConfig: harmless('there is no X-Ray here'),
  VpcConfig: harmless('a place in a network'),
  DeadLetterConfig: harmless(
    'used by asynchronous invocations only; these functions are invoked synchronously',
  ),
  PackageType: only(['Zip'], 'bundled assets'),
  Layers: refused('the laptop runs the bundled asset alone'),
  FileSystemConfigs: refused('no file systems are mounted here'),
  ImageConfig: refused('no container images here'),
  SnapStart: refused('no snapshots here'),
};

/** Reads a function whose code is a bundled asset of the assembly. */
export function readFunction(resource: ResolvedResource): FunctionSpec {
  const { name, arn, place, properties } = resource;
  checkProperties(place, properties, rules);
  const runtime = textOf(place, properties, 'Runtime');
  if (!runtime.startsWith('nodejs')) refuse(place, 'Runtime', runtime, 'nodejs20.x or later');
  const [environmentPlace, environment] = objectOf(place, properties, 'Environment');
  checkProperties(environmentPlace, environment, { Variables: 'handled' });
  const [variablesPlace, variables] = objectOf(environmentPlace, environment, 'Variables');
  return {
    name,
    arn,
    roleArn: textOf(place, properties, 'Role'),
    assetPath: assetOf(resource),
    handler: textOf(place, properties, 'Handler'),
    environment: Object.fromEntries(
      Object.keys(variables).map((variable) => [
        variable,
        // CloudFormation turns numbers and booleans into text.
        typeof variables[variable] === 'number' || typeof variables[variable] === 'boolean'
          ? String(variables[variable])
          : textOf(variablesPlace, variables, variable),
      ]),
    ),
    timeoutSeconds: numberOf(place, properties, 'Timeout', { min: 1, max: 900, byDefault: 3 }),
    memoryMiB: numberOf(place, properties, 'MemorySize', { min: 128, max: 10_240, byDefault: 128 }),
  };
}

function assetOf({ stack, place, properties }: ResolvedResource): string {
  const [codePlace, code] = objectOf(place, properties, 'Code');
  checkProperties(codePlace, code, {
    S3Bucket: harmless('where cdk deploy publishes the asset'),
    S3Key: 'handled',
    ZipFile: refused('inline code'),
    ImageUri: refused('no container images here'),
  });
  const key = optionalTextOf(codePlace, code, 'S3Key');
  const path = key === undefined ? undefined : stack.assets.get(key);
  return path ?? refuse(codePlace, 'S3Key', key, 'a file asset of the assembly');
}
