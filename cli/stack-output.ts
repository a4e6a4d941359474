import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { AwsAccess } from './aws-access';
import { explained } from './explain-aws-error';
import { httpHandler } from './http-handler';
import { SetupError } from './setup-error';

/** An output of a deployed stack. Throws a `SetupError` that says what to do. */
export async function readStackOutput(stack: string, output: string, access: AwsAccess): Promise<string> {
  const client = new CloudFormationClient({ ...access, requestHandler: httpHandler() });
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const outputs = Stacks?.[0]?.Outputs ?? [];
    const found = outputs.find(({ OutputKey }) => OutputKey === output)?.OutputValue;
    if (found) return found;
    const keys = outputs.map(({ OutputKey }) => OutputKey).join(', ') || 'none';
    throw new SetupError(
      `stack ${stack} has no output ${output} (its outputs: ${keys}); name the stack that has it`,
    );
  } catch (error) {
    const { profile, endpoint, region } = access;
    const permissions = 'cloudformation:DescribeStacks on the stack';
    throw explained(error, { target: `stack ${stack}`, profile, endpoint, region, permissions });
  } finally {
    client.destroy();
  }
}
