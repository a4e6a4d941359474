import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { unpack } from '../../domain/event/kpl';

// The server of `benchmarkThrottled`, in a process of its own: a Kinesis whose shards take a share of their quota, and keep nothing.

const share = Number(process.argv[2]);
const shardCount = 4;
const lineFeed = 0x0a;

/** Two buckets that hold a second's worth; a record may overdraw them, or it would never fit a small share. */
function createShard(index: number) {
  const perSecond = { bytes: share * 1_000_000, records: share * 1000 };
  const left = { ...perSecond };
  let filledAt = performance.now();
  return {
    id: `shardId-${String(index).padStart(12, '0')}`,
    takes(bytes: number): boolean {
      const seconds = (performance.now() - filledAt) / 1000;
      filledAt = performance.now();
      left.bytes = Math.min(perSecond.bytes, left.bytes + seconds * perSecond.bytes);
      left.records = Math.min(perSecond.records, left.records + seconds * perSecond.records);
      if (left.bytes <= 0 || left.records <= 0) return false;
      left.bytes -= bytes;
      left.records--;
      return true;
    },
  };
}

const shards = Array.from({ length: shardCount }, (_, index) => createShard(index));
const width = 2n ** 128n / BigInt(shardCount);
const listed = shards.map(({ id }, index) => ({
  ShardId: id,
  HashKeyRange: {
    StartingHashKey: String(BigInt(index) * width),
    EndingHashKey: String((BigInt(index) + 1n) * width - 1n),
  },
  SequenceNumberRange: { StartingSequenceNumber: '0' },
}));

/** The shards are a power of two, so the first bits of a key's hash tell its own. */
function shardOf(partitionKey: string) {
  const first = createHash('md5').update(partitionKey).digest()[0]!;
  return shards[Math.floor((first * shardCount) / 256)]!;
}

function countEvents(data: Uint8Array): number {
  let events = 0;
  for (const inner of unpack(data)) {
    events++;
    for (const byte of inner.data) if (byte === lineFeed) events++;
  }
  return events;
}

interface WireRecord {
  readonly Data: string;
  readonly PartitionKey: string;
}

const taken = { records: 0, events: 0, bytes: 0 };
let sequence = 0;

function put({ Data, PartitionKey }: WireRecord): object {
  const data = Buffer.from(Data, 'base64');
  const bytes = data.length + Buffer.byteLength(PartitionKey);
  const shard = shardOf(PartitionKey);
  if (!shard.takes(bytes)) {
    return {
      ErrorCode: 'ProvisionedThroughputExceededException',
      ErrorMessage: `Rate exceeded for shard ${shard.id} in stream clicks under account 123456789012.`,
    };
  }
  taken.records++;
  taken.events += countEvents(data);
  taken.bytes += bytes;
  return { ShardId: shard.id, SequenceNumber: String(++sequence) };
}

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { Records } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly Records?: WireRecord[] };
  const results = Records?.map(put);
  response.setHeader('content-type', 'application/x-amz-json-1.1');
  response.end(JSON.stringify(results ? { FailedRecordCount: 0, Records: results } : { Shards: listed }));
});
process.on('message', () => process.send!(taken));
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
