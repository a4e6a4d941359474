import { createServer, type Server } from 'node:http';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetRecordsCommand, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { HeadBucketCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { listen } from '../../../emulators/listen';
import type { FaultRule } from '../../../local/fault-injection/profile';
import { type Disturbed, disturbed } from './chaos-harness';

/** A service that answers every request with the same JSON object, and remembers what it was asked for. */
async function startService(): Promise<{ server: Server; endpoint: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method, url, headers } = request;
    seen.push(headers['x-amz-target'] ? String(headers['x-amz-target']) : `${method} ${url} ${body}`);
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', etag: '"seven"' });
    response.end(method === 'HEAD' ? undefined : '{"Item":{"pk":{"S":"found"}},"Records":[],"Shards":[]}');
  });
  return { server, endpoint: await listen(server, 0, 'a service'), seen };
}

let service: Awaited<ReturnType<typeof startService>>;
let under: Disturbed;
const start = async (...faults: FaultRule[]) => {
  under = await disturbed(service.endpoint, { faults });
};
beforeEach(async () => {
  service = await startService();
});
afterEach(async () => {
  await under.close();
  service.server.closeAllConnections();
  await new Promise((resolve) => service.server.close(resolve));
});

const always = { probability: 1 } as const;
const input = { TableName: 'clicks', Key: { pk: { S: 'a' } } };
const getItem = () => under.clients.dynamodb.send(new GetItemCommand(input));
const untilSeen = async () => {
  while (service.seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
};
const untilInjected = async () => {
  while (Object.keys(under.chaos.injected()).length === 0)
    await new Promise((resolve) => setImmediate(resolve));
};
const failure = (call: Promise<unknown>) =>
  call.then(
    () => {
      throw new Error('it was answered');
    },
    (error: Error & { $metadata?: { httpStatusCode?: number } }) => error,
  );

describe('A proxy before a service', () => {
  it('passes on what no fault befalls: method, address, body, status and headers', async () => {
    await start();
    expect((await getItem()).Item).toEqual({ pk: { S: 'found' } });
    await under.clients.s3.send(new HeadBucketCommand({ Bucket: 'heap' }));
    const { ETag } = await under.clients.s3.send(
      new PutObjectCommand({ Bucket: 'heap', Key: 'a b', Body: Buffer.from('corn') }),
    );
    expect(ETag).toBe('"seven"');
    expect(service.seen).toEqual([
      'DynamoDB_20120810.GetItem',
      expect.stringMatching(/^HEAD \/heap\/? $/),
      'PUT /heap/a%20b?x-id=PutObject corn',
    ]);
    expect(under.chaos.injected()).toEqual({});
  });

  it.each([
    ['kinesis', ['ProvisionedThroughputExceededException'], 400],
    ['dynamodb', ['ProvisionedThroughputExceededException', 'ThrottlingException'], 400],
    ['s3', ['SlowDown'], 503],
  ] as const)('throttles as %s does, before the service acts', async (name, errors, status) => {
    await start({ service: name, kind: 'throttle', ...always });
    const calls = {
      kinesis: () => under.clients.kinesis.send(new GetRecordsCommand({ ShardIterator: 'i' })),
      dynamodb: getItem,
      s3: () => under.clients.s3.send(new ListObjectsV2Command({ Bucket: 'heap' })),
    };
    const error = await failure(calls[name]());
    expect(errors).toContain(error.name);
    expect(error.$metadata?.httpStatusCode).toBe(status);
    expect(service.seen).toEqual([]);
  });

  it('says why DynamoDB throttles', async () => {
    await start({ service: 'dynamodb', kind: 'throttle', ...always });
    const error = await failure(getItem());
    expect(Reflect.get(error, 'ThrottlingReasons') ?? Reflect.get(error, 'throttlingReasons')).toEqual([
      expect.objectContaining({ reason: expect.stringMatching(/^TableRead/) }),
    ]);
  });

  it('throttles the control plane of Kinesis by its other name', async () => {
    await start({ service: 'kinesis', operations: ['ListShards'], kind: 'throttle', ...always });
    const error = await failure(under.clients.kinesis.send(new ListShardsCommand({ StreamName: 'clicks' })));
    expect(error.name).toBe('LimitExceededException');
  });

  it.each([
    ['error', false, 0],
    ['error', true, 1],
    ['cut', false, 0],
    ['cut', true, 1],
  ] as const)('%s, after the service has acted: %s', async (kind, after, requests) => {
    await start({ service: 'dynamodb', kind, after, ...always });
    const error = await failure(getItem());
    const isError = { name: 'InternalServerError', $metadata: { httpStatusCode: 500 } };
    if (kind === 'error') expect(error).toMatchObject(isError);
    expect(service.seen).toHaveLength(requests);
    expect(under.chaos.injected()).toEqual({ [`dynamodb GetItem ${kind}${after ? ' after' : ''}`]: 1 });
  });

  it('cuts an answer off in its middle, too', async () => {
    await start({ service: 'dynamodb', kind: 'cut', after: true, ...always });
    const outcome = async () => {
      const response = await fetch(under.chaos.endpoints.dynamodb, {
        method: 'POST',
        headers: {
          authorization: 'AWS4-HMAC-SHA256 Signature=0',
          'x-amz-target': 'DynamoDB_20120810.GetItem',
          'content-type': 'application/x-amz-json-1.0',
        },
        body: '{}',
      }).catch(() => undefined);
      return response && (await response.text().catch(() => 'torn'));
    };
    const outcomes = new Set();
    for (let n = 0; n < 12; n++) outcomes.add(await outcome());
    expect(outcomes).toEqual(new Set([undefined, 'torn']));
  });

  it.each([[false], [true]])('answers late, after the service has acted: %s', async (after) => {
    await start({ service: 'dynamodb', kind: 'slow', after, delayMs: [150, 150], ...always });
    const begun = performance.now();
    const answering = getItem();
    await untilSeen();
    const seenAfterMs = performance.now() - begun;
    expect((await answering).Item).toEqual({ pk: { S: 'found' } });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(148);
    expect(seenAfterMs < 148).toBe(after);
  });

  it('carries a slow request out though its caller has given up', async () => {
    await start({ service: 'dynamodb', kind: 'slow', delayMs: [200, 200], ...always });
    const caller = new AbortController();
    const options = { abortSignal: caller.signal };
    const failed = failure(under.clients.dynamodb.send(new GetItemCommand(input), options));
    await untilInjected();
    caller.abort();
    await failed;
    expect(service.seen).toEqual([]);
    await untilSeen();
  });

  it('ends at once, whatever is under way', async () => {
    await start({ service: 'dynamodb', kind: 'slow', after: true, delayMs: [600_000, 600_000], ...always });
    const error = failure(getItem());
    await untilSeen();
    await under.chaos.close();
    expect((await error).message).not.toBe('it was answered');
  });
});
