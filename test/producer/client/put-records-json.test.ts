import { Readable } from 'node:stream';
import { KinesisClient, ListShardsCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import fc from 'fast-check';
import { classifyAwsError } from '../../../producer/client/aws-errors';
import { writeRecordsDirectly } from '../../../producer/client/put-records-json';

interface Request {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

interface Answer {
  readonly status?: number;
  readonly body: string | Readable;
}

function clientOf(answer: Answer, isDirect: boolean) {
  const requests: Request[] = [];
  const client = new KinesisClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: {
      async handle(request: Request) {
        requests.push(request);
        const body =
          typeof answer.body === 'string' ? Readable.from([Buffer.from(answer.body)]) : answer.body;
        const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'request-7' };
        return { response: { statusCode: answer.status ?? 200, headers, body } };
      },
    },
  });
  if (isDirect) writeRecordsDirectly(client.middlewareStack);
  return { client, requests };
}

/** What the request said, and what came of it, by the SDK alone or with records written directly. */
async function outcomeOf(command: PutRecordsCommand | ListShardsCommand, answer: Answer, isDirect: boolean) {
  const { client, requests } = clientOf(answer, isDirect);
  const outcome = await client.send(command as PutRecordsCommand).then(
    (output) => ({ output }),
    (error: Error & { $metadata?: unknown }) => ({
      kind: classifyAwsError(error),
      error: { name: error.name, message: error.message, metadata: error.$metadata },
    }),
  );
  const { headers, body } = requests[0]!;
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  return {
    request: JSON.parse(text),
    length: Number(headers['content-length']) === Buffer.byteLength(text),
    type: [headers['content-type'], headers['x-amz-target']],
    outcome,
  };
}

async function expectAsTheSdk(command: () => PutRecordsCommand | ListShardsCommand, answer: () => Answer) {
  const own = await outcomeOf(command(), answer(), true);
  expect(own).toEqual(await outcomeOf(command(), answer(), false));
  return own;
}

const text = fc.string({ unit: 'grapheme' });
const record = fc.record(
  {
    Data: fc.uint8Array({ maxLength: 60 }),
    PartitionKey: fc.string({ unit: 'grapheme', minLength: 1 }),
    ExplicitHashKey: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map(String),
  },
  { requiredKeys: ['Data', 'PartitionKey'] },
);
const result = fc.oneof(
  fc.record({ SequenceNumber: text, ShardId: text }),
  fc.record({ ErrorCode: text, ErrorMessage: text }),
);

const one = () =>
  new PutRecordsCommand({
    StreamName: 'clicks',
    // A view of something larger.
    Records: [{ Data: Buffer.from('--{"page":"/é"}--').subarray(2, 16), PartitionKey: 'visitor "7"' }],
  });
const oneAccepted = { FailedRecordCount: 0, Records: [{ ShardId: 'shardId-4', SequenceNumber: '77' }] };

describe('records written directly', () => {
  it('say what the SDK would have said, and are answered as the SDK would have read it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ StreamName: text, Records: fc.array(record, { maxLength: 5 }) }),
        fc.record({
          FailedRecordCount: fc.nat(),
          Records: fc.array(result, { maxLength: 5 }),
          EncryptionType: fc.constantFrom('NONE' as const, 'KMS' as const),
        }),
        async (input, answer) => {
          await expectAsTheSdk(
            () => new PutRecordsCommand(input),
            () => ({ body: JSON.stringify(answer) }),
          );
        },
      ),
    );
  });

  it('are bytes, not a view’s whole buffer', async () => {
    const { request, outcome } = await expectAsTheSdk(one, () => ({ body: JSON.stringify(oneAccepted) }));

    expect(request).toEqual({
      StreamName: 'clicks',
      Records: [{ Data: 'eyJwYWdlIjoiL8OpIn0=', PartitionKey: 'visitor "7"' }],
    });
    expect(outcome).toMatchObject({
      output: { ...oneAccepted, $metadata: { httpStatusCode: 200, requestId: 'request-7' } },
    });
  });

  it.each<[string, Answer, string]>([
    [
      'a refusal',
      { status: 400, body: '{"__type":"ResourceNotFoundException","message":"no","Records":[]}' },
      'refused',
    ],
    ['throttling', { status: 400, body: '{"__type":"KMSThrottlingException","message":"no"}' }, 'throttled'],
    ['a server’s error', { status: 503, body: 'busy' }, 'unanswered'],
    ['an answer that was cut off', { body: JSON.stringify(oneAccepted).slice(0, 40) }, 'unanswered'],
  ])('leave %s to the SDK', async (_, answer, kind) => {
    const { outcome } = await expectAsTheSdk(one, () => answer);
    expect(outcome).toMatchObject({ kind });
  });

  it.each(['ECONNRESET', 'HPE_INVALID_CHUNK_SIZE'])(
    'were sent even if their answer breaks off with %s',
    async (code) => {
      const broken = async function* () {
        yield Buffer.from('{"Records":[');
        throw Object.assign(new Error('broken'), { code });
      };
      for (const isDirect of [false, true]) {
        const { outcome } = await outcomeOf(one(), { body: Readable.from(broken()) }, isDirect);
        expect(outcome).toMatchObject({ kind: 'unanswered' });
      }
    },
  );

  it('leave other calls alone', async () => {
    const shards = {
      Shards: [{ ShardId: 'shardId-9', SequenceNumberRange: { StartingSequenceNumber: '0' } }],
    };
    const { outcome } = await expectAsTheSdk(
      () => new ListShardsCommand({ StreamName: 'clicks' }),
      () => ({ body: JSON.stringify(shards) }),
    );
    expect(outcome).toMatchObject({ output: shards });
  });
});
