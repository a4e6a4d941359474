import type { Deployment, FunctionSpec } from '../deployment';
import { readAlarm } from './alarm';
import { readBucket } from './bucket';
import { readStacks } from './cloud-assembly';
import { readDeliveryStream } from './delivery-stream';
import { readEventSourceMapping, type Targets } from './event-source-mapping';
import { readFunction } from './function';
import { createResolver, type Resolve } from './intrinsics';
import { accountId, region } from './names';
import { type DeclaredResource, declaredResources, resolveResource } from './resource';
import { checkResourceTypes } from './resource-types';
import { readSchedules } from './schedule';
import { readStream } from './stream';
import { readTable } from './table';
import type { Stack } from './template';

/**
 * Reads what the templates of a cloud assembly ask for. Throws with the stack, resource, property, value and
 * what is supported if the laptop cannot run it as AWS would; nothing is ignored silently.
 */
export function readDeployment(assemblyDir: string): Deployment {
  const stacks = readStacks(assemblyDir);
  checkResourceTypes(stacks);
  const resolve = createResolver(stacks);
  const resolved = (declared: DeclaredResource) => resolveResource(declared, resolve);
  const find = (...types: string[]) => declaredResources(stacks, types).map(resolved);

  const streams = find('AWS::Kinesis::Stream').map(readStream);
  const tables = find('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable').map(readTable);
  const buckets = find('AWS::S3::Bucket').map(readBucket);
  const functionResources = declaredResources(stacks, ['AWS::Lambda::Function']);
  const targets: Targets = {
    streamArns: new Set(streams.map(({ arn }) => arn)),
    functionArns: new Map(
      functionResources.flatMap(({ name, arn }) => [
        [name, arn],
        [arn, arn],
      ]),
    ),
    bucketNames: new Map(buckets.map(({ arn, name }) => [arn, name])),
  };
  const eventSourceMappings = find('AWS::Lambda::EventSourceMapping').map((resource) =>
    readEventSourceMapping(resource, targets),
  );
  const schedules = find('AWS::Events::Rule').flatMap((resource) => readSchedules(resource, targets));
  const deliveryStreams = find('AWS::KinesisFirehose::DeliveryStream').map((resource) =>
    readDeliveryStream(resource, targets),
  );
  // A function that nothing invokes here belongs to a custom resource of CDK: its properties are not looked at.
  const invoked = new Set([
    ...eventSourceMappings.map(({ functionArn }) => functionArn),
    ...schedules.map(({ functionArn }) => functionArn),
    ...deliveryStreams.map(({ processor }) => processor?.functionArn),
  ]);
  const functions: readonly FunctionSpec[] = functionResources
    .filter(({ arn }) => invoked.has(arn))
    .map((declared) => readFunction(resolved(declared)));

  return {
    region,
    accountId,
    stream: exactlyOne('AWS::Kinesis::Stream', streams),
    table: exactlyOne('AWS::DynamoDB::Table', tables),
    buckets,
    functions,
    schedules,
    eventSourceMappings,
    deliveryStreams,
    alarms: find('AWS::CloudWatch::Alarm').map(readAlarm),
    outputs: readOutputs(stacks, resolve),
  };
}

function exactlyOne<T extends { readonly name: string }>(type: string, found: readonly T[]): T {
  const [first, ...others] = found;
  if (first && others.length === 0) return first;
  const names = found.map(({ name }) => name).join(', ') || 'none';
  throw new Error(`the templates must hold one ${type} for the laptop to run, found ${names}`);
}

function readOutputs(stacks: readonly Stack[], resolve: Resolve): Deployment['outputs'] {
  return Object.fromEntries(
    stacks.map((stack) => [
      stack.name,
      Object.fromEntries(
        Object.entries(stack.template.Outputs ?? {}).flatMap(([key, output]) => {
          const value = resolveOutput(stack, resolve, output.Value);
          return value === undefined ? [] : [[key, value]];
        }),
      ),
    ]),
  );
}

/** An output about a resource that the laptop does not have (a key, say) is left out. */
function resolveOutput(stack: Stack, resolve: Resolve, value: Parameters<Resolve>[1]): string | undefined {
  try {
    const resolved = resolve(stack, value);
    return typeof resolved === 'string' ? resolved : undefined;
  } catch {
    return undefined;
  }
}
