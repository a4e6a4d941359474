import { SetupError } from '../../cli/setup-error';
import { findStackOutput, readStackOutput } from '../../cli/stack-output';
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

  it('that a pipeline may do without is undefined where it is missing, and an error where nobody can tell', async () => {
    expect(await findStackOutput('Clicks', 'TableName', server.access)).toBe('table-1');
    expect(await findStackOutput('Clicks', 'Bucket', server.access)).toBeUndefined();
    expect(await findStackOutput('Gone', 'Bucket', server.access)).toBeUndefined();
    const nowhere = { ...server.access, endpoint: 'http://127.0.0.1:9' };
    await expect(findStackOutput('Clicks', 'Bucket', nowhere)).rejects.toThrow('ECONNREFUSED');
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
