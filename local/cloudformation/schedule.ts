import type { ScheduleSpec } from '../deployment';
import type { Targets } from './event-source-mapping';
import type { ResolvedResource } from './resource';
import {
  checkProperties,
  harmless,
  objectsOf,
  only,
  optionalTextOf,
  type Place,
  type Rules,
  refuse,
  refused,
  textOf,
} from './settings';

const rules: Rules = {
  Name: 'handled',
  ScheduleExpression: 'handled',
  Targets: 'handled',
  State: only(['ENABLED'], 'a rule that is switched off invokes nothing'),
  EventBusName: refused('a schedule has no event bus'),
  RoleArn: refused('functions are invoked by permission, not by a role'),
  Description: harmless('a label'),
  Tags: harmless('a label'),
};

const targetRules: Rules = {
  Id: harmless('a label'),
  Arn: 'handled',
  Input: 'handled',
  RetryPolicy: harmless('what fails is invoked again when its time comes'),
  DeadLetterConfig: refused('no queues here'),
  InputPath: refused('the event is the text of Input'),
  InputTransformer: refused('the event is the text of Input'),
  RoleArn: refused('functions are invoked by permission, not by a role'),
};

const secondsOf: Readonly<Record<string, number>> = { minute: 60, hour: 3_600, day: 86_400 };

/** Reads an EventBridge rule that invokes functions at a fixed rate; a schedule for each of its targets. */
export function readSchedules(
  { name, place, properties }: ResolvedResource,
  { functionArns }: Targets,
): ScheduleSpec[] {
  checkProperties(place, properties, rules);
  const intervalSeconds = readRate(place, textOf(place, properties, 'ScheduleExpression'));
  return objectsOf(place, properties, 'Targets').map(([targetPlace, target]) => {
    checkProperties(targetPlace, target, targetRules);
    const arn = textOf(targetPlace, target, 'Arn');
    return {
      name,
      functionArn: functionArns.get(arn) ?? refuse(targetPlace, 'Arn', arn, 'a function of the templates'),
      intervalSeconds,
      input: optionalTextOf(targetPlace, target, 'Input') ?? '{}',
    };
  });
}

/** EventBridge's user guide, "Rate expressions": a whole number from 1 and minutes, hours or days. */
function readRate(place: Place, expression: string): number {
  const [, count, unit] = /^rate\(([1-9]\d{0,8}) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const seconds = secondsOf[unit ?? ''];
  return seconds === undefined
    ? refuse(place, 'ScheduleExpression', expression, 'rate(N minutes), rate(N hours) or rate(N days)')
    : Number(count) * seconds;
}
