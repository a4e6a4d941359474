import { existsSync, readdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { FirehoseClient, ListDeliveryStreamsCommand } from '@aws-sdk/client-firehose';
import { GetRecordsCommand, GetShardIteratorCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import * as fc from 'fast-check';
import { type Clients, createClients } from '../../emulators/clients';
import { runTypeScript, type TestProcess } from '../support/child-process';
import { temporaryFolder } from '../support/temporary-folder';
import type { Ports } from './every-port';
import { type OddRequest, oddRequests } from './odd-requests';

const seed = Number(process.env.ODD_SEED ?? 20_261_128);
/** To each port; ten thousand take a minute more. */
const requestsEach = Number(process.env.ODD_REQUESTS ?? 1_000);
const atOnce = 16;
/** No answer in this time is none; the services answer in milliseconds, if the machine is not busy. */
const longestMs = 20_000;

const folder = temporaryFolder('odd-requests');
const dataDir = join(folder, 'data');
const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
let running: TestProcess;
let ports: Ports;
beforeAll(async () => {
  running = await runTypeScript(require.resolve('./every-port.ts'), dataDir);
  ports = JSON.parse(running.firstLine) as Ports;
}, 60_000);
afterAll(async () => {
  agent.destroy();
  await running.kill();
});

function send(endpoint: string, { method, path, headers, body }: OddRequest): Promise<number> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers, agent }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
      answer.on('error', reject);
    });
    outgoing.setTimeout(longestMs, () => outgoing.destroy(new Error('no answer')));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** As any client does: a connection that was kept may be closed at the moment of the request. */
const sendWithRetry = (endpoint: string, odd: OddRequest) =>
  send(endpoint, odd).catch(() => send(endpoint, odd));

/** Fails with the request that got no answer. */
async function sendAll(endpoint: string, requests: readonly OddRequest[]): Promise<Set<number>> {
  const statuses = new Set<number>();
  const rest = [...requests];
  const sender = async () => {
    for (let next = rest.pop(); next; next = rest.pop()) {
      const current = next;
      const status = await sendWithRetry(endpoint, current).catch((error: Error) => {
        throw new Error(`${error.message}: ${JSON.stringify(current).slice(0, 1_000)}`);
      });
      statuses.add(status);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  return statuses;
}

async function answersRightly(clients: Clients, mark: string): Promise<void> {
  const key = { pk: { S: `right ${mark}` }, sk: { S: 'b' } };
  await clients.dynamodb.send(new PutItemCommand({ TableName: 'counters', Item: { ...key, n: { N: '7' } } }));
  const { Item } = await clients.dynamodb.send(new GetItemCommand({ TableName: 'counters', Key: key }));
  expect(Item).toEqual({ ...key, n: { N: '7' } });

  const object = { Bucket: 'archive', Key: `right/${mark}` };
  await clients.s3.send(new PutObjectCommand({ ...object, Body: mark }));
  const { Body } = await clients.s3.send(new GetObjectCommand(object));
  expect(await Body!.transformToString()).toBe(mark);

  const put = { StreamName: 'clicks', PartitionKey: mark, Data: Buffer.from(mark) };
  const { ShardId, SequenceNumber } = await clients.kinesis.send(new PutRecordCommand(put));
  const { ShardIterator } = await clients.kinesis.send(
    new GetShardIteratorCommand({
      StreamName: 'clicks',
      ShardId,
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      StartingSequenceNumber: SequenceNumber,
    }),
  );
  const { Records } = await clients.kinesis.send(new GetRecordsCommand({ ShardIterator }));
  expect(Records!.map(({ Data }) => Buffer.from(Data!).toString())).toEqual([mark]);
}

const json = (target: string, version: string, body: string): OddRequest => ({
  method: 'POST',
  path: '/',
  headers: {
    authorization:
      'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
    'x-amz-date': '20260101T000000Z',
    'content-type': `application/x-amz-json-${version}`,
    'x-amz-target': target,
  },
  body,
});
const kinesis = (operation: string, input: object) =>
  json(`Kinesis_20131202.${operation}`, '1.1', JSON.stringify(input));
const dynamodb = (operation: string, input: object) =>
  json(`DynamoDB_20120810.${operation}`, '1.0', JSON.stringify(input));

describe('A request that ended the process, or held it up for good', () => {
  it('brackets in an expression', async () => {
    const ConditionExpression = '(((((((((((((((((((((';
    const input = { TableName: 'counters', Item: { pk: { S: 'a' }, sk: { S: 'b' } }, ConditionExpression };
    expect(await send(ports.dynamodb, dynamodb('PutItem', input))).toBe(400);
  });

  it('a record that is none', async () => {
    for (const Records of [[null], [{ Data: 'AAAA', PartitionKey: 'v' }, null]]) {
      expect(await send(ports.kinesis, kinesis('PutRecords', { StreamName: 'clicks', Records }))).toBe(400);
    }
  });

  it('a tag that is none, and one without a value', async () => {
    const ResourceArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/counters';
    const tag = (member: unknown) =>
      send(ports.dynamodb, dynamodb('TagResource', { ResourceArn, Tags: [member] }));
    expect(await tag(null)).toBe(400);
    expect(await tag({ Key: 'team' })).toBe(500);
  });

  it('a stream that has the name of something else', async () => {
    for (const StreamName of ['map', 'constructor', 'length']) {
      expect(await send(ports.kinesis, kinesis('CreateStream', { StreamName, ShardCount: 1 }))).toBe(400);
      expect(await send(ports.kinesis, kinesis('DeleteStream', { StreamName }))).toBe(400);
    }
  });

  it('a body that fills the memory', async () => {
    const body = ' '.repeat(17 * 1024 * 1024);
    expect(await send(ports.kinesis, json('Kinesis_20131202.PutRecord', '1.1', body))).toBe(413);
    expect(await send(ports.dynamodb, json('DynamoDB_20120810.PutItem', '1.0', body))).toBe(413);
    expect(await send(ports.firehose, json('Firehose_20150804.PutRecord', '1.1', body))).toBe(413);
  });
});

describe('After odd requests of all kinds', () => {
  it.each(['kinesis', 'dynamodb', 's3', 'firehose', 'chaos kinesis', 'chaos dynamodb', 'chaos s3'] as const)(
    'the port of %s has answered each',
    async (port) => {
      const kind = port.replace('chaos ', '') as keyof typeof oddRequests;
      const requests = fc.sample(oddRequests[kind], { seed, numRuns: requestsEach });
      const statuses = await sendAll(ports[port], requests);
      // They were not all refused at the door.
      expect(statuses).toContain(200);
      expect(statuses).toContain(400);
    },
    600_000,
  );

  it('the process is the same, and answers rightly, on the ports of the faults as well', async () => {
    expect(running.errors()).toBe('');
    expect(running.child.exitCode).toBeNull();
    const chaos = {
      kinesis: ports['chaos kinesis'],
      dynamodb: ports['chaos dynamodb'],
      s3: ports['chaos s3'],
    };
    for (const [mark, endpoints] of [['itself', ports] as const, ['behind faults', chaos] as const]) {
      const clients = createClients(endpoints, 'us-east-1');
      await answersRightly(clients, mark);
      clients.destroy();
    }
    const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
    const client = new FirehoseClient({ region: 'us-east-1', credentials, endpoint: ports.firehose });
    const answer = await client.send(new ListDeliveryStreamsCommand({}));
    expect(answer).toMatchObject({ DeliveryStreamNames: [], HasMoreDeliveryStreams: false });
    client.destroy();
  }, 60_000);

  it('nothing lies outside of the data directory, and nothing new beside the buckets', () => {
    expect(readdirSync(folder)).toEqual(['data']);
    expect(existsSync(join(dataDir, 's3', 'archive'))).toBe(true);
    expect(readdirSync(dataDir).toSorted()).toEqual(['chaos.log', 'dynamodb', 'kinesis', 's3']);
  });
});
