import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { AwsAccess } from '../cli/aws-access';
import { explained } from '../cli/explain-aws-error';
import { httpHandler } from '../cli/http-handler';
import { SetupError } from '../cli/setup-error';
import { pipelineOf, stackName } from '../contract/stack-outputs';
import type { AlarmStatus } from './alarm-status';
import { describeAlarms, statusOf } from './describe-alarms';

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
  try {
    const alarms = await describeAlarms(client, pipeline);
    if (alarms.length > 0) return alarms.map(statusOf);
  } catch (error) {
    const target = `the alarms of ${pipeline}`;
    throw explained(error, { target, profile, endpoint, region, permissions });
  } finally {
    client.destroy();
  }
  throw new SetupError(
    `there is no alarm whose name begins with ${stackName(pipeline, 'stream')}-. Check --stack, --region and the account, and that it was deployed with the setting alarms`,
  );
}
