import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Finished, startCommand } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';
import { startHttp, type TestServer } from './kinesis-server';

const cli = resolve(__dirname, '../../producer/cli.ts');
const folder = temporaryFolder('producer-errors');
const servers: TestServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

type Answer = { readonly status?: number; readonly body: string };
type Operation = 'describe' | 'list' | 'put';

const status = (StreamStatus: string): Answer => ({
  body: JSON.stringify({ StreamDescriptionSummary: { StreamName: 'clicks', StreamStatus } }),
});
const refusal = (type: string, message = 'it says why'): Answer => ({
  status: 400,
  body: JSON.stringify({ __type: type, message }),
});
const accepted: Answer = {
  body: JSON.stringify({
    FailedRecordCount: 0,
    Records: [{ ShardId: 'shardId-000000000004', SequenceNumber: '77' }],
  }),
};
const oneShard: Answer = {
  body: JSON.stringify({
    Shards: [
      {
        ShardId: 'shardId-000000000004',
        HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) },
        SequenceNumberRange: { StartingSequenceNumber: '0' },
      },
    ],
  }),
};

/** Answers by operation; the n-th call (from 0) of one may differ from the others. */
async function kinesis(answers: Partial<Record<Operation, (call: number) => Answer>>): Promise<TestServer> {
  const calls = { describe: 0, list: 0, put: 0 };
  const { describe = () => status('ACTIVE'), list = () => oneShard, put = () => accepted } = answers;
  const server = await startHttp('application/x-amz-json-1.1', (body) => {
    if (body.includes('"Records"')) return put(calls.put++);
    return body.includes('"ShardFilter"') ? list(calls.list++) : describe(calls.describe++);
  });
  servers.push(server);
  return server;
}

const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

function produce(
  server: TestServer,
  args: readonly string[] = [],
  env: Record<string, string> = keys,
): Promise<Finished> {
  const { endpoint } = server.access;
  const all = [
    '--stream',
    'clicks',
    '--region',
    'eu-west-3',
    '--endpoint-url',
    endpoint,
    '--count',
    '1',
    ...args,
  ];
  return startCommand(cli, all, { cwd: folder, env }).finished;
}

describe('produce says what went wrong and what to do', () => {
  it('without credentials', async () => {
    const { code, stderr } = await produce(await kinesis({}), ['--profile', 'nobody'], {});

    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^produce: no usable AWS credentials \(.+\)\. Set AWS_PROFILE or pass --profile; for single sign-on run: aws sso login --profile nobody\n$/,
    );
  });

  it.each([
    [
      'a stream that is not there',
      refusal('ResourceNotFoundException', 'Stream clicks under account 123456789012 not found.'),
      /stream clicks was not found in http:\S+ \(Stream clicks under account 123456789012 not found\.\)\. Check the name, --region and the account/,
    ],
    [
      'expired credentials',
      refusal('ExpiredTokenException'),
      /the AWS credentials have expired\. Renew them/,
    ],
    [
      'keys that AWS does not know',
      refusal('UnrecognizedClientException'),
      /AWS does not accept the credentials \(it says why\)\. Check the access key/,
    ],
    [
      'a stream that is being deleted',
      status('DELETING'),
      /stream clicks is being deleted\. Create it again/,
    ],
  ])('with %s, before it reads anything', async (_, answer, message) => {
    const { code, stdout, stderr } = await produce(await kinesis({ describe: () => answer }), [
      '--input',
      '-',
      '--json',
    ]);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('where the identity may not write, though it may not look either', async () => {
    const denied = () => refusal('AccessDeniedException', 'User: arn:aws:iam::1:user/a is not authorized');
    const { code, stderr } = await produce(await kinesis({ describe: denied, list: denied, put: denied }));

    expect(code).toBe(2);
    expect(stderr).toContain(
      'access to stream clicks is denied (User: arn:aws:iam::1:user/a is not authorized). The identity needs kinesis:PutRecords',
    );
  });

  it('not at all where the identity may write, and only that', async () => {
    const denied = () => refusal('AccessDeniedException', 'no');
    const { code, stderr, stdout } = await produce(await kinesis({ describe: denied, list: denied }), [
      '--seed',
      '7',
      '--rate',
      '9',
    ]);

    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('1 accepted') });
    expect(stderr).toContain('allow kinesis:ListShards');
  });

  it('while a stream is being created, and waits for it', async () => {
    const server = await kinesis({ describe: (call) => status(call === 0 ? 'CREATING' : 'ACTIVE') });
    const { code, stdout, stderr } = await produce(server);

    expect(code).toBe(0);
    expect(stderr).toBe('stream clicks is still being created: waiting for it, 5 minutes at most\n');
    expect(stdout).toContain('1 accepted');
  });

  it('when the credentials expire half-way, and how to go on', async () => {
    const input = join(folder, 'input.ndjson');
    writeFileSync(input, '{"eventId":"e1","visitorId":"v"}\n{"eventId":"e2","visitorId":"v"}\n');
    const server = await kinesis({
      put: (call) => (call === 0 ? accepted : refusal('ExpiredTokenException')),
    });
    const args = [
      '--input',
      input,
      '--count',
      '2',
      '--rate',
      '5',
      '--pack',
      'none',
      '--ledger',
      'half.ledger',
    ];
    const { code, stdout, stderr } = await produce(server, args);

    expect(code).toBe(1);
    expect(stderr).toContain('the AWS credentials have expired');
    expect(stdout).toContain('2 events read, 1 accepted, 1 failed');
    expect(stdout).toContain('go on by the same options with: --resume half.ledger');
  });
});
