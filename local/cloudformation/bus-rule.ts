import type { BusRuleSpec } from '../deployment';
import { busName } from '../event-bus/bus-name';
import { type EventPattern, unknownIn } from '../event-bus/event-pattern';
import type { Targets } from './event-source-mapping';
import type { ResolvedResource } from './resource';
import {
  checkProperties,
  harmless,
  objectOf,
  objectsOf,
  only,
  optionalTextOf,
  type Place,
  type Rules,
  refuse,
  refused,
  textOf,
} from './settings';
import type { JsonObject } from './template';

const rules: Rules = {
  Name: 'handled',
  EventPattern: 'handled',
  EventBusName: 'handled',
  Targets: 'handled',
  State: only(['ENABLED'], 'a rule that is switched off puts nothing'),
  ScheduleExpression: refused('a rule has a pattern or a schedule here'),
  RoleArn: refused('targets have their roles'),
  Description: harmless('a label'),
  Tags: harmless('a label'),
};

const targetRules: Rules = {
  Id: harmless('a label'),
  Arn: 'handled',
  InputPath: 'handled',
  KinesisParameters: 'handled',
  RetryPolicy: harmless('what fails is told to who sends it'),
  DeadLetterConfig: harmless('what fails is told to who sends it'),
  RoleArn: harmless('permissions are not checked'),
  Input: refused('records are parts of events'),
  InputTransformer: refused('records are parts of events'),
};

/** Reads a rule of EventBridge that puts parts of events into streams; one for each of its targets. */
export function readBusRules(
  { name, place, properties }: ResolvedResource,
  { streamArns }: Pick<Targets, 'streamArns'>,
): BusRuleSpec[] {
  checkProperties(place, properties, rules);
  const [patternPlace, pattern] = objectOf(place, properties, 'EventPattern');
  const unknown = unknownIn(pattern);
  if (unknown !== undefined)
    refuse(patternPlace, unknown, JSON.stringify(pattern), 'values, exists, prefix, anything-but');
  const bus = busName(optionalTextOf(place, properties, 'EventBusName'));
  return objectsOf(place, properties, 'Targets').map(([targetPlace, target]) => {
    checkProperties(targetPlace, target, targetRules);
    const streamArn = textOf(targetPlace, target, 'Arn');
    if (!streamArns.has(streamArn)) refuse(targetPlace, 'Arn', streamArn, 'a stream of the templates');
    const [kinesisPlace, kinesis] = objectOf(targetPlace, target, 'KinesisParameters');
    checkProperties(kinesisPlace, kinesis, { PartitionKeyPath: 'handled' });
    return {
      name,
      bus,
      pattern: pattern as EventPattern,
      streamArn,
      inputPath: pathOf(targetPlace, target, 'InputPath', '$'),
      // EventBridge's own default.
      partitionKeyPath: pathOf(kinesisPlace, kinesis, 'PartitionKeyPath', '$.id'),
    };
  });
}

/** `$.detail.visitorId` as its names. */
function pathOf(
  place: Place,
  properties: JsonObject,
  property: string,
  byDefault: string,
): readonly string[] {
  const path = optionalTextOf(place, properties, property) ?? byDefault;
  const [root, ...names] = path.split('.');
  return root === '$' && names.every((name) => /^[\w-]+$/.test(name))
    ? names
    : refuse(place, property, path, 'names behind a $ and dots');
}
