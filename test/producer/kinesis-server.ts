import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  type KinesisClient,
} from '@aws-sdk/client-kinesis';
import kinesalite from 'kinesalite';
import type { AwsAccess } from '../../cli/aws-access';
import { createKinesisClient } from '../../producer/client/kinesis-client';

export interface TestServer {
  readonly access: AwsAccess & { readonly endpoint: string };
  connections(): number;
  close(): Promise<void>;
}

async function listen(server: Server): Promise<TestServer> {
  let connections = 0;
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    access: {
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      endpoint: `http://127.0.0.1:${port}`,
    },
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A Kinesis emulator with one stream, named `clicks`. */
export async function startKinesalite(shards: number): Promise<TestServer> {
  const server = await listen(kinesalite({ createStreamMs: 1, updateStreamMs: 20 }));
  const client = createKinesisClient(server.access);
  await client.send(new CreateStreamCommand({ StreamName: 'clicks', ShardCount: shards }));
  await untilActive(client);
  client.destroy();
  return server;
}

/** Resolves when the stream `clicks` is made, or its resharding is done. */
export async function untilActive(client: KinesisClient): Promise<void> {
  const status = async () =>
    (await client.send(new DescribeStreamSummaryCommand({ StreamName: 'clicks' }))).StreamDescriptionSummary
      ?.StreamStatus;
  while ((await status()) !== 'ACTIVE');
}

interface WireRecord {
  readonly Data: string;
  readonly PartitionKey: string;
}

/** An HTTP server that answers each request's body with what `answer` makes of it. */
export function startHttp(
  contentType: string,
  answer: (body: string) => { readonly status?: number; readonly body: string },
): Promise<TestServer> {
  return listen(
    createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { status = 200, body } = answer(Buffer.concat(chunks).toString());
      response.writeHead(status, { 'content-type': contentType }).end(body);
    }),
  );
}

const oneShard = {
  ShardId: 'shardId-000000000000',
  HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) },
  SequenceNumberRange: { StartingSequenceNumber: '0' },
};

/** A Kinesis that fails the records of which `fails` says so, on the wire. */
export function startFailingKinesis(fails: (data: string) => boolean): Promise<TestServer> {
  let sequence = 0;
  return startHttp('application/x-amz-json-1.1', (body) => {
    const { Records } = JSON.parse(body) as { readonly Records?: readonly WireRecord[] };
    // Any other call is for the list of shards.
    if (!Records) return { body: JSON.stringify({ Shards: [oneShard] }) };
    const results = Records.map(({ Data }) =>
      fails(Buffer.from(Data, 'base64').toString())
        ? { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded for shard' }
        : { ShardId: 'shardId-000000000000', SequenceNumber: String(++sequence) },
    );
    const FailedRecordCount = results.filter((result) => 'ErrorCode' in result).length;
    return { body: JSON.stringify({ FailedRecordCount, Records: results }) };
  });
}
