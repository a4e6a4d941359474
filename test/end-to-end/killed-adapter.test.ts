import { join, resolve } from 'node:path';
import { CreateStreamCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { linesOf } from '../../domain/event/shard-lines';
import { FunctionEnvironment } from '../../domain/function/function-log';
import { createClients } from '../../emulators/clients';
import { startKinesis } from '../../emulators/kinesis';
import { AdapterEnvironment } from '../../lambda/adapter/contract';
import { bundleInto } from '../../lib/function-bundling';
import { createKinesisStreamReader } from '../../local/adapters/kinesis-stream-reader';
import { streamSource } from '../../local/agreement';
import { type Connections, connectTo } from '../../local/fault-injection/http';
import { startProxy } from '../../local/fault-injection/proxy';
import type { Invocation } from '../../local/function-runtime/lambda-function';
import { startFunction } from '../../local/function-runtime/start-function';
import { realtimeLine, subscriptionData } from '../lambda/adapter/log-record-factory';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder('killed-adapter');
const asset = join(folder, 'asset');

let kinesis: Awaited<ReturnType<typeof startKinesis>>;
let client: KinesisClient;
let connections: Connections;
beforeAll(async () => {
  bundleInto(asset, resolve(__dirname, '../../lambda/adapter/handler.ts'));
  kinesis = await startKinesis({ port: 0, dataDir: join(folder, 'kinesis') });
  const { endpoint } = kinesis;
  client = createClients({ kinesis: endpoint, dynamodb: endpoint, s3: endpoint }, 'us-east-1').kinesis;
  connections = connectTo(endpoint);
});
afterAll(async () => {
  client.destroy();
  connections.close();
  await kinesis.close();
});

const visitors = 15;
const linesPerRecord = 900;
const recordCount = 5;
const address = (n: number) => `198.51.100.${n % visitors}`;
const combined = (n: number) =>
  `${address(n)} - - [04/Mar/2026:04:06:07 +0000] "GET /${n} HTTP/1.1" 200 17 "-" "curl/8"`;

/** Five records of CloudWatch Logs and one of CloudFront, in which each page is a number: the line's. */
const batch = JSON.stringify({
  Records: [
    ...Array.from({ length: recordCount }, (_, record) =>
      subscriptionData(
        Array.from({ length: linesPerRecord }, (_, line) => {
          const n = record * linesPerRecord + line;
          return { id: `event-${n}`, message: combined(n) };
        }),
      ),
    ),
    Buffer.from(realtimeLine({ 'cs-uri-stem': `/${recordCount * linesPerRecord}` })),
  ].map((data, index) => ({
    eventSourceARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/logs',
    eventID: `shardId-000000000002:${7_000 + index}`,
    kinesis: {
      sequenceNumber: String(7_000 + index),
      data: data.toString('base64'),
      approximateArrivalTimestamp: 1_772_597_168.25,
    },
  })),
});
const lineCount = recordCount * linesPerRecord + 1;

/** At which call of a batch its process is killed, and whether the stream has taken the records by then. */
interface Death {
  readonly call: number;
  readonly after: boolean;
}

/** Runs the adapter's own bundle in a process, which dies at a call. */
async function runAdapter(
  streamName: string,
  death?: Death,
): Promise<{ readonly calls: number; readonly ended: Invocation | 'killed' }> {
  let calls = 0;
  let die: () => void = () => {};
  const dying = new Promise<void>((resolve) => {
    die = resolve;
  });
  const proxy = await startProxy({
    port: 0,
    service: 'kinesis',
    react: async (request) => {
      const isLast = calls++ === death?.call;
      if (!isLast || death?.after) {
        const answer = await connections.forward(request);
        if (!isLast) return { kind: 'answer', answer };
      }
      die();
      return new Promise(() => {});
    },
  });
  const name = 'adapter-3';
  const spec = {
    ...{ name, arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`, roleArn: 'role-4' },
    ...{ assetPath: asset, handler: 'index.handler', timeoutSeconds: 60, memoryMiB: 512 },
    environment: {
      [AdapterEnvironment.streamName]: streamName,
      [AdapterEnvironment.logFormat]: 'combined',
      [FunctionEnvironment.project]: 'clicks',
      [FunctionEnvironment.stage]: 'dev',
    },
  };
  const running = startFunction(spec, {
    region: 'us-east-1',
    logFile: join(folder, 'adapter.log'),
    environment: {
      AWS_ENDPOINT_URL_KINESIS: proxy.endpoint,
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'key',
    },
  });
  const invoked = running.invoke(batch);
  // Closed in mid-invocation, it rejects.
  invoked.catch(() => {});
  const ended = await Promise.race([invoked, dying.then(() => 'killed' as const)]);
  // SIGKILL, to its process.
  await running.close();
  await proxy.close();
  return { calls, ended };
}

/** Of each visitor the pages in the order of the stream, without copies; and how many copies there are. */
async function readClicks(streamName: string) {
  const source = streamSource(createKinesisStreamReader(client, streamName));
  const pages = new Map<string, number[]>();
  const seen = new Set<string>();
  let copies = 0;
  for (const shardId of await source.shardIds()) {
    for await (const records of source.read(shardId, { arrivedAt: 0 })) {
      for (const { reading } of linesOf(records)) {
        if (!reading.ok) throw new Error(`no event: ${reading.reason}`);
        const [eventId, visitorId, page] = (['eventId', 'visitorId', 'page'] as const).map((name) =>
          String(reading.field(name)),
        );
        if (seen.has(eventId!)) copies++;
        else pages.set(visitorId!, [...(pages.get(visitorId!) ?? []), Number(page!.slice(1))]);
        seen.add(eventId!);
      }
    }
  }
  return { pages, copies };
}

const done = { kind: 'returned', payload: { batchItemFailures: [] } };

it('an adapter that is killed at any of its calls puts every line when its batch comes again, and each visitor’s in order', async () => {
  const create = (StreamName: string) => client.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
  await create('clean');
  const { calls, ended } = await runAdapter('clean');
  expect(ended).toMatchObject(done);
  // Several chunks, and some of them several requests.
  expect(calls).toBeGreaterThan(3);
  for (let call = 0; call < calls; call++) {
    // Before it one time, after it the next.
    const death = { call, after: call % 2 === 0 };
    const name = `killed-at-${call}`;
    await create(name);
    expect(await runAdapter(name, death)).toMatchObject({ ended: 'killed' });
    expect((await runAdapter(name)).ended).toMatchObject(done);

    const { pages, copies } = await readClicks(name);
    expect([...pages.values()].flat().sort((one, other) => one - other)).toEqual(
      Array.from({ length: lineCount }, (_, n) => n),
    );
    for (const ofVisitor of pages.values())
      expect(ofVisitor).toEqual(ofVisitor.toSorted((one, other) => one - other));
    expect(copies > 0).toBe(call > 0 || death.after);
  }
}, 60_000);
