import { type CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { stackNames } from '../contract/stack-outputs';
import { isObject, numberIn, parseObject, textIn } from '../domain/json/json-object';
import { operationsPage, readDescription } from './alarm-description';
import type { AlarmStatus } from './alarm-status';
import { isComparison } from './evaluation/alarm';

/** As many as CloudWatch gives in one answer. */
const pageSize = 100;

/**
 * The alarms of a deployed pipeline, those of one stack after the other: one request for each hundred.
 *
 * @param pipeline what the names of its stacks begin with
 * @throws what CloudWatch refuses
 */
export async function describeAlarms(
  client: CloudWatchClient,
  pipeline: string,
): Promise<readonly MetricAlarm[]> {
  const found: MetricAlarm[] = [];
  for await (const { MetricAlarms } of paginateDescribeAlarms(
    { client, pageSize },
    { AlarmNamePrefix: `${pipeline}-` },
  ))
    found.push(...(MetricAlarms ?? []));
  // Another pipeline's names may begin with the name of this one, or of one of its stacks: an id has no hyphen.
  const isOf = (stack: string, { AlarmName = '' }: MetricAlarm): boolean =>
    AlarmName.startsWith(`${stack}-`) && !AlarmName.slice(stack.length + 1).includes('-');
  return stackNames(pipeline).flatMap((stack) => found.filter((alarm) => isOf(stack, alarm)));
}

export function statusOf(alarm: MetricAlarm): AlarmStatus {
  const {
    AlarmName,
    StateValue,
    StateTransitionedTimestamp,
    StateUpdatedTimestamp,
    Threshold,
    ComparisonOperator,
  } = alarm;
  const text = alarm.AlarmDescription ?? '';
  const value = valueIn(alarm.StateReasonData);
  return {
    name: AlarmName ?? '',
    state: StateValue ?? 'INSUFFICIENT_DATA',
    since: (StateTransitionedTimestamp ?? StateUpdatedTimestamp ?? new Date(0)).toISOString(),
    // Somebody's own alarm may have such a name as well.
    description: readDescription(text)?.meaning ?? text,
    ...(value === undefined ? {} : { value }),
    threshold: Threshold ?? Number.NaN,
    ...(isComparison(ComparisonOperator) ? { comparison: ComparisonOperator } : {}),
    runbook: readDescription(text)?.runbook ?? operationsPage,
  };
}

/** The latest value that the state rests on. */
function valueIn(reasonData: string | undefined): number | undefined {
  const reason = parseObject(reasonData ?? '');
  const points = Array.isArray(reason?.evaluatedDatapoints)
    ? reason.evaluatedDatapoints.filter(isObject)
    : [];
  const latest = points
    .filter((point) => numberIn(point, 'value') !== undefined)
    .sort((a, b) => Date.parse(textIn(b, 'timestamp') ?? '') - Date.parse(textIn(a, 'timestamp') ?? ''))[0];
  return numberIn(latest, 'value');
}
