import { createHash } from 'node:crypto';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { unpack } from '../../domain/event/kpl';
import { selfSigned } from './certificate';

// A process of its own: a Kinesis that takes everything and keeps nothing, over TLS, HTTP/2 or HTTP/1.1.

/** What it took since it was last asked. */
export interface Taken {
  readonly records: number;
  /** Requests with records. */
  readonly requests: number;
  /** That were made, whatever for. */
  readonly connections: number;
  /** SHA-256 of all events, sorted and joined by line feeds, if the server reads them. */
  readonly digest?: string | undefined;
}

const latencyMs = Number(process.argv[2]);
/** Else it looks at nothing, so as to take as little of the machine as can be. */
const isReading = process.argv[3] === 'reading';
const shardCount = 16;
const sequenceNumber = '49590338271490256608559692538361571095921575989136588898';

const shards = Array.from({ length: shardCount }, (_, index) => {
  const width = 2n ** 128n / BigInt(shardCount);
  return {
    ShardId: shardId(index),
    HashKeyRange: {
      StartingHashKey: String(BigInt(index) * width),
      EndingHashKey: String((BigInt(index) + 1n) * width - 1n),
    },
    SequenceNumberRange: { StartingSequenceNumber: '0' },
  };
});

function shardId(index: number): string {
  return `shardId-${String(index).padStart(12, '0')}`;
}

const keyName = Buffer.from('"PartitionKey"');

function countRecords(body: Buffer): number {
  let count = 0;
  for (let at = body.indexOf(keyName); at !== -1; at = body.indexOf(keyName, at + keyName.length)) count++;
  return count;
}

// It does not say the right shard: finding that out would cost more than everything else here.
const result = { ShardId: shardId(0), SequenceNumber: sequenceNumber };
const oneResult = JSON.stringify(result);
const made = new Map<number, string>();

function manyResults(count: number): string {
  const known = made.get(count);
  if (known) return known;
  const body = JSON.stringify({ FailedRecordCount: 0, Records: Array.from({ length: count }, () => result) });
  made.set(count, body);
  return body;
}

interface WireRecord {
  readonly Data: string;
  readonly PartitionKey: string;
}

/** Of those that are read. */
let events: string[] = [];

function read(body: Buffer): void {
  const put = JSON.parse(body.toString()) as WireRecord & { readonly Records?: readonly WireRecord[] };
  for (const { Data } of put.Records ?? [put]) {
    for (const { data } of unpack(Buffer.from(Data, 'base64'))) {
      events.push(...Buffer.from(data).toString().split('\n'));
    }
  }
}

let counts = { records: 0, requests: 0, connections: 0 };

function taken(): Taken {
  const digest = createHash('sha256').update(events.sort().join('\n')).digest('hex');
  const before = { ...counts, digest: isReading ? digest : undefined };
  counts = { records: 0, requests: 0, connections: 0 };
  events = [];
  return before;
}

const server = createSecureServer({ ...selfSigned(), allowHTTP1: true }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const operation = String(request.headers['x-amz-target']).split('.')[1];
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (operation === 'ListShards') {
      response.end(JSON.stringify({ Shards: shards }));
      return;
    }
    const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    const records = countRecords(body);
    if (isReading) read(body);
    counts.records += records;
    counts.requests++;
    const answer = operation === 'PutRecord' ? oneResult : manyResults(records);
    if (latencyMs > 0) setTimeout(() => response.end(answer), latencyMs);
    else response.end(answer);
  });
});
server.on('secureConnection', () => counts.connections++);
process.on('message', () => process.send!(taken()));
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
