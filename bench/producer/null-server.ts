import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// The process of `startNullServer`: a Kinesis that takes everything, looks at nothing and keeps nothing.

const latencyMs = Number(process.argv[2] ?? 0);
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

let taken = 0;
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const operation = String(request.headers['x-amz-target']).split('.')[1];
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (operation === 'ListShards') {
      response.end(JSON.stringify({ Shards: shards }));
      return;
    }
    const records = countRecords(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    taken += records;
    const body = operation === 'PutRecord' ? oneResult : manyResults(records);
    if (latencyMs > 0) setTimeout(() => response.end(body), latencyMs);
    else response.end(body);
  });
});
process.on('message', () => {
  process.send!(taken);
  taken = 0;
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
