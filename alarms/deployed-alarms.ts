import { CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import type { AwsAccess } from '../cli/aws-access';
import { explained } from '../cli/explain-aws-error';
import { httpHandler } from '../cli/http-handler';
import { SetupError } from '../cli/setup-error';
import { type Application, pipelineOf, StackOutputs, stackName } from '../contract/stack-outputs';
import { isObject, numberIn, parseObject, textIn } from '../domain/json/json-object';
import { operationsPage, readDescription } from './alarm-description';
import type { AlarmStatus } from './alarm-status';
import { isComparison } from './evaluation/alarm';

/** As many as CloudWatch gives in one answer. */
const pageSize = 100;

/**
 * The alarms of a deployed pipeline, stack by stack, as CloudWatch has them. Throws a `SetupError` that says what to do,
 * also if there are none.
 *
 * @param stack the name of one of its stacks, or what their names begin with
 */
export async function readDeployedAlarms(stack: string, access: AwsAccess): Promise<readonly AlarmStatus[]> {
  const pipeline = pipelineOf(stack);
  const { profile, endpoint, region } = access;
  const permissions = 'cloudwatch:DescribeAlarms';
  const client = new CloudWatchClient({ ...access, requestHandler: httpHandler() });
  const statuses: AlarmStatus[] = [];
  try {
    // Not by what all names begin with: another pipeline's may begin with the name of this one.
    for (const application of Object.keys(StackOutputs) as Application[]) {
      const prefix = `${stackName(pipeline, application)}-`;
      for await (const page of paginateDescribeAlarms({ client, pageSize }, { AlarmNamePrefix: prefix }))
        statuses.push(...(page.MetricAlarms ?? []).map(statusOf));
    }
  } catch (error) {
    const target = `the alarms of ${pipeline}`;
    throw explained(error, { target, profile, endpoint, region, permissions });
  } finally {
    client.destroy();
  }
  if (statuses.length > 0) return statuses;
  throw new SetupError(
    `there is no alarm whose name begins with ${stackName(pipeline, 'stream')}-. Check --stack, --region and the account, and that it was deployed with the setting alarms`,
  );
}

function statusOf(alarm: MetricAlarm): AlarmStatus {
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
