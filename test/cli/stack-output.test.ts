import { SetupError } from '../../cli/setup-error';
import { readStackOutput } from '../../cli/stack-output';
import { type CloudFormationServer, startCloudFormation } from './cloudformation-server';

describe("a stack's output", () => {
  let server: CloudFormationServer;
  beforeAll(async () => {
    server = await startCloudFormation({
      Clicks: { TableName: 'table-1', StreamName: 'stream-2' },
      Bare: {},
    });
  });
  afterAll(() => server.close());

  it('is found by its key', async () => {
    expect(await readStackOutput('Clicks', 'StreamName', server.access)).toBe('stream-2');
    expect(await readStackOutput('Clicks', 'TableName', server.access)).toBe('table-1');
    expect(server.requests.at(-1)).toContain('Action=DescribeStacks');
    expect(server.requests.at(-1)).toContain('StackName=Clicks');
  });

  it.each([
    [
      'Clicks',
      'stack Clicks has no output Bucket (its outputs: TableName, StreamName); name the stack that has it',
    ],
    ['Bare', 'stack Bare has no output Bucket (its outputs: none); name the stack that has it'],
    ['Gone', 'stack Gone: ValidationError: Stack with id Gone does not exist'],
  ])('that stack %s does not have is an error that says what there is', async (stack, message) => {
    const reading = readStackOutput(stack, 'Bucket', server.access);

    await expect(reading).rejects.toThrow(SetupError);
    await expect(reading).rejects.toThrow(message);
  });
});
