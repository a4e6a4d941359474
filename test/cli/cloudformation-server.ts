import { startHttp, type TestServer } from '../producer/kinesis-server';

export interface CloudFormationServer extends TestServer {
  /** Bodies of the requests so far, form-encoded as the SDK sends them. */
  readonly requests: readonly string[];
}

/** A CloudFormation that knows these stacks, and their outputs by key. */
export async function startCloudFormation(
  stacks: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<CloudFormationServer> {
  const requests: string[] = [];
  const server = await startHttp('text/xml', (body) => {
    requests.push(body);
    const name = new URLSearchParams(body).get('StackName') ?? '';
    const outputs = stacks[name];
    return outputs ? { body: description(name, outputs) } : { status: 400, body: missing(name) };
  });
  return { ...server, requests };
}

function description(name: string, outputs: Readonly<Record<string, string>>): string {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  const stack = `<member><StackName>${name}</StackName><Outputs>${members.join('')}</Outputs></member>`;
  return `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks>${stack}</Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}

function missing(name: string): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error></ErrorResponse>`;
}
