import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { listen } from '../../emulators/listen';
import { accountOf, type DescribedStream, describeDeliveryStream } from './describe';

export interface FirehoseEndpoint {
  readonly endpoint: string;
  /** Finishes the requests under way, then stops. */
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

type Input = Readonly<Record<string, unknown>>;

const TARGET_PREFIX = 'Firehose_20150804.';
// A PutRecordBatch of 4 MiB, in base64.
const MAX_REQUEST_BYTES = 8 * 1024 * 1024;

/**
 * Serves the Firehose API (JSON 1.1) for the delivery streams that run here, so that the AWS CLI and any SDK can look
 * at them. They read from Kinesis, so that nothing can be put into them, and none can be changed.
 */
export async function startFirehoseEndpoint(options: {
  readonly port: number;
  readonly streams: readonly DescribedStream[];
}): Promise<FirehoseEndpoint> {
  const server = createServer((request, response) => {
    respond(request, options.streams).then(
      (answer) => send(response, answer),
      () => send(response, failure('InternalFailure', 'The request could not be answered.', 500)),
    );
  });
  const endpoint = await listen(server, options.port, 'Firehose');
  return { endpoint, close: promisify(server.close.bind(server)) };
}

async function respond(request: IncomingMessage, streams: readonly DescribedStream[]): Promise<Answer> {
  const body = await read(request);
  if (!body)
    return failure(
      'RequestEntityTooLargeException',
      `A request has at most ${MAX_REQUEST_BYTES} bytes.`,
      413,
    );
  const target = String(request.headers['x-amz-target'] ?? '');
  const operation = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : '';
  const input = parse(body);
  if (!input) return failure('SerializationException', 'The request is not a JSON object.');
  switch (operation) {
    case 'ListDeliveryStreams':
      return list(input, streams);
    case 'DescribeDeliveryStream':
      return withStream(input, streams, (stream) => ({
        status: 200,
        body: { DeliveryStreamDescription: describeDeliveryStream(stream) },
      }));
    case 'PutRecord':
    case 'PutRecordBatch':
      return withStream(input, streams, () =>
        failure(
          'InvalidArgumentException',
          'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
        ),
      );
    default:
      return failure('UnknownOperationException', `The operation "${operation}" is not served here.`);
  }
}

function list(input: Input, streams: readonly DescribedStream[]): Answer {
  const { Limit: limit = 10, ExclusiveStartDeliveryStreamName: after = '', DeliveryStreamType: type } = input;
  if (typeof limit !== 'number' || limit < 1 || limit > 10_000 || typeof after !== 'string') {
    return failure('ValidationException', 'Limit must be from 1 to 10000, and the start a name.');
  }
  const names = streams
    .filter(() => type === undefined || type === 'KinesisStreamAsSource')
    .map(({ spec }) => spec.name)
    .sort()
    .filter((name) => name > after);
  return {
    status: 200,
    body: { DeliveryStreamNames: names.slice(0, limit), HasMoreDeliveryStreams: names.length > limit },
  };
}

function withStream(
  { DeliveryStreamName: name }: Input,
  streams: readonly DescribedStream[],
  answer: (stream: DescribedStream) => Answer,
): Answer {
  if (typeof name !== 'string' || !/^[\w.-]{1,64}$/.test(name)) {
    return failure(
      'ValidationException',
      'DeliveryStreamName must be 1 to 64 of the characters a-z A-Z 0-9 _ . -',
    );
  }
  const stream = streams.find(({ spec }) => spec.name === name);
  if (stream) return answer(stream);
  const account = accountOf(streams[0]?.spec.arn ?? '');
  return failure('ResourceNotFoundException', `Firehose ${name} under account ${account} not found.`);
}

function failure(type: string, message: string, status = 400): Answer {
  return { status, body: { __type: type, message } };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': randomUUID(),
  });
  response.end(JSON.stringify(body));
}

/** `undefined` for a body that is too long, which is read to its end nevertheless, so that the answer is heard. */
async function read(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= MAX_REQUEST_BYTES) chunks.push(chunk);
  }
  return bytes <= MAX_REQUEST_BYTES ? Buffer.concat(chunks) : undefined;
}

function parse(body: Buffer): Input | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8') || '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Input)
      : undefined;
  } catch {
    return undefined;
  }
}
