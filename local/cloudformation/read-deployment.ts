import { type Application, applicationOf } from '../../contract/stack-outputs';
import type { Deployment, FunctionSpec } from '../deployment';
import { readAlarm } from './alarm';
import { readBucket } from './bucket';
import { readBusRules } from './bus-rule';
import { readStacks } from './cloud-assembly';
import { readDeliveryStream } from './delivery-stream';
import { readEventSourceMapping, type Targets } from './event-source-mapping';
import { readFunction } from './function';
import { readFunctionUrl } from './function-url';
import { createResolver, type Resolve } from './intrinsics';
import { accountId, region } from './names';
import { type DeclaredResource, declaredResources, type ResolvedResource, resolveResource } from './resource';
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

  const streamResources = find('AWS::Kinesis::Stream');
  const streams = streamResources.map(readStream);
  const tableResources = find('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable');
  const tables = tableResources.map(readTable);
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
  const mappingResources = find('AWS::Lambda::EventSourceMapping');
  const eventSourceMappings = mappingResources.map((resource) => readEventSourceMapping(resource, targets));
  const [onSchedule, onPattern] = partition(
    find('AWS::Events::Rule'),
    ({ properties }) => properties.EventPattern === undefined,
  );
  const schedules = onSchedule.flatMap((resource) => readSchedules(resource, targets));
  const busRules = onPattern.flatMap((resource) => readBusRules(resource, targets));
  const functionUrls = find('AWS::Lambda::Url').map((resource) => readFunctionUrl(resource, targets));
  const deliveryResources = find('AWS::KinesisFirehose::DeliveryStream');
  const glueTables = find('AWS::Glue::Table');
  const deliveryStreams = deliveryResources.map((resource) =>
    readDeliveryStream(resource, targets, glueTables),
  );
  // A function that nothing invokes here belongs to a custom resource of CDK: its properties are not looked at.
  const invoked = new Set([
    ...eventSourceMappings.map(({ functionArn }) => functionArn),
    ...schedules.map(({ functionArn }) => functionArn),
    ...functionUrls.map(({ functionArn }) => functionArn),
    ...deliveryStreams.map(({ processor }) => processor?.functionArn),
  ]);
  const functions: readonly FunctionSpec[] = functionResources
    .filter(({ arn }) => invoked.has(arn))
    .map((declared) => readFunction(resolved(declared)));

  return {
    region,
    accountId,
    stream: ofApplication('stream', 'AWS::Kinesis::Stream', streams, streamResources),
    streams,
    table: ofApplication('aggregation', 'AWS::DynamoDB::Table', tables, tableResources),
    tables,
    buckets,
    functions,
    schedules,
    functionUrls,
    busRules,
    aggregatorMapping: ofApplication(
      'aggregation',
      'AWS::Lambda::EventSourceMapping',
      eventSourceMappings,
      mappingResources,
    ),
    eventSourceMappings,
    archive: ofApplication(
      'archive',
      'AWS::KinesisFirehose::DeliveryStream',
      deliveryStreams,
      deliveryResources,
    ),
    deliveryStreams,
    alarms: find('AWS::CloudWatch::Alarm').map(readAlarm),
    outputs: readOutputs(stacks, resolve),
  };
}

function partition<T>(all: readonly T[], isFirst: (one: T) => boolean): readonly [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}

/** Of resources of one type the only one, or the one that an application of the pipeline has in its stack. */
function ofApplication<Spec>(
  application: Application,
  type: string,
  specs: readonly Spec[],
  resources: readonly ResolvedResource[],
): Spec {
  const own = resources.flatMap(({ stack }, index) =>
    resources.length === 1 || applicationOf(stack.name) === application ? [specs[index]!] : [],
  );
  const [first, ...others] = own;
  if (first !== undefined && others.length === 0) return first;
  const names = resources.map(({ name }) => name).join(', ') || 'none';
  throw new Error(
    `the templates must hold one ${type}, or one in the stack "…-${application}", for the laptop to run, found ${names}`,
  );
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
