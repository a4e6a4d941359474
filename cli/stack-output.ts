import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { AwsAccess } from './aws-access';
import { explained } from './explain-aws-error';
import { httpHandler } from './http-handler';
import { SetupError } from './setup-error';

/** An output of a deployed stack. Throws a `SetupError` that says what to do. */
export async function readStackOutput(stack: string, output: string, access: AwsAccess): Promise<string> {
  const outputs = await readOutputs(stack, access, () => false);
  const found = outputs[output];
  if (found) return found;
  const keys = Object.keys(outputs).join(', ') || 'none';
  throw new SetupError(
    `stack ${stack} has no output ${output} (its outputs: ${keys}); name the stack that has it`,
  );
}

/**
 * An output of a stack that a pipeline may do without: undefined where the stack is not there, or has no such output.
 * Throws a `SetupError` if nobody can tell.
 */
export async function findStackOutput(
  stack: string,
  output: string,
  access: AwsAccess,
): Promise<string | undefined> {
  // CloudFormation has no error of its own for it.
  const isMissing = ({ name, message }: Error) =>
    name === 'ValidationError' && /does not exist/.test(message);
  return (await readOutputs(stack, access, isMissing))[output];
}

type Outputs = Readonly<Record<string, string>>;

/** @param isFine tells of an error that it stands for no outputs */
async function readOutputs(
  stack: string,
  access: AwsAccess,
  isFine: (error: Error) => boolean,
): Promise<Outputs> {
  const client = new CloudFormationClient({ ...access, requestHandler: httpHandler() });
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    return Object.fromEntries(
      (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    );
  } catch (error) {
    if (error instanceof Error && isFine(error)) return {};
    const { profile, endpoint, region } = access;
    const permissions = 'cloudformation:DescribeStacks on the stack';
    throw explained(error, { target: `stack ${stack}`, profile, endpoint, region, permissions });
  } finally {
    client.destroy();
  }
}
