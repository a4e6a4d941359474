import {
  ListShardsCommand,
  type ListShardsCommandOutput,
  type PutRecordsCommand,
  type PutRecordsCommandOutput,
} from '@aws-sdk/client-kinesis';
import type { ProducerClient } from '../../producer/client/producer';
import { hashKeyOf } from '../../producer/client/shards/shard-map';
import { awsError, networkError } from './fake-kinesis';

export interface FakeShard {
  readonly id: string;
  readonly parents: readonly string[];
  readonly first: bigint;
  readonly last: bigint;
  isOpen: boolean;
  readonly records: StoredRecord[];
}

export interface StoredRecord {
  readonly partitionKey: string;
  readonly data: Buffer;
  readonly sequenceNumber: string;
}

/** What becomes of a request: some of its records are refused, or its answer is lost after they were stored. */
export interface Verdict {
  readonly fails?: (record: number, shardId: string, bytes: number) => boolean;
  readonly losesAnswer?: boolean;
}

export interface FakeStream {
  readonly client: ProducerClient;
  readonly shards: FakeShard[];
  /** The records of each request. */
  readonly requests: StoredRecord[][];
  /** Splits an open shard in the middle, or at `at`. */
  split(id: string, at?: bigint): void;
  /** Merges two open shards, of which the left one ends where the right one begins. */
  merge(left: string, right: string): void;
  lists(): number;
}

export interface FakeStreamPorts {
  /** Asked when a request arrives, before anything is stored. */
  readonly verdict?: (request: number) => Verdict;
  /** Awaited after a request arrived, and again before it is answered. */
  readonly delay?: () => Promise<void>;
  readonly deniesListing?: boolean;
}

export const refused = 'ProvisionedThroughputExceededException';

/** A stream that places records by their keys' hashes, and can be resharded while it is written to. */
export function createFakeStream(shardCount: number, ports: FakeStreamPorts = {}): FakeStream {
  const { verdict = (): Verdict => ({}), delay = async () => {}, deniesListing = false } = ports;
  const shards: FakeShard[] = [];
  const requests: StoredRecord[][] = [];
  let sequence = 0;
  let lists = 0;

  const open = (first: bigint, last: bigint, parents: readonly string[] = []) => {
    const id = `shardId-${String(shards.length).padStart(12, '0')}`;
    shards.push({ id, parents, first, last, isOpen: true, records: [] });
  };
  const width = 2n ** 128n / BigInt(shardCount);
  for (let index = 0n; index < BigInt(shardCount); index++) {
    open(index * width, index === BigInt(shardCount) - 1n ? 2n ** 128n - 1n : (index + 1n) * width - 1n);
  }
  const find = (id: string) => shards.find((shard) => shard.id === id && shard.isOpen)!;

  const put = async ({ input }: PutRecordsCommand): Promise<PutRecordsCommandOutput> => {
    const { fails = () => false, losesAnswer = false } = verdict(requests.length);
    const arrived: StoredRecord[] = [];
    requests.push(arrived);
    await delay();
    const Records = input.Records!.map(({ Data, PartitionKey, ExplicitHashKey }, index) => {
      const partitionKey = PartitionKey!;
      const hash = ExplicitHashKey ? BigInt(ExplicitHashKey) : BigInt(`0x${hashKeyOf(partitionKey)}`);
      const shard = shards.find(({ isOpen, first, last }) => isOpen && first <= hash && hash <= last)!;
      const record = { partitionKey, data: Buffer.from(Data!), sequenceNumber: String(++sequence) };
      arrived.push(record);
      if (fails(index, shard.id, record.data.length + Buffer.byteLength(partitionKey))) {
        return { ErrorCode: refused, ErrorMessage: `Rate exceeded for shard ${shard.id} in stream clicks` };
      }
      shard.records.push(record);
      return { ShardId: shard.id, SequenceNumber: record.sequenceNumber };
    });
    await delay();
    if (losesAnswer) throw networkError('ECONNRESET');
    const FailedRecordCount = Records.filter((record) => 'ErrorCode' in record).length;
    return { $metadata: { httpStatusCode: 200 }, FailedRecordCount, Records };
  };

  const list = (): ListShardsCommandOutput => {
    lists++;
    if (deniesListing) throw awsError('AccessDeniedException', 400);
    return {
      $metadata: { httpStatusCode: 200 },
      Shards: shards.map(({ id, first, last, isOpen }) => ({
        ShardId: id,
        HashKeyRange: { StartingHashKey: String(first), EndingHashKey: String(last) },
        SequenceNumberRange: {
          StartingSequenceNumber: '0',
          ...(isOpen ? {} : { EndingSequenceNumber: '1' }),
        },
      })),
    };
  };

  function send(command: PutRecordsCommand): Promise<PutRecordsCommandOutput>;
  function send(command: ListShardsCommand): Promise<ListShardsCommandOutput>;
  async function send(command: PutRecordsCommand | ListShardsCommand) {
    return command instanceof ListShardsCommand ? list() : put(command);
  }

  return {
    client: { send },
    shards,
    requests,
    split(id, at) {
      const shard = find(id);
      const middle = at ?? (shard.first + shard.last) / 2n;
      shard.isOpen = false;
      open(shard.first, middle, [id]);
      open(middle + 1n, shard.last, [id]);
    },
    merge(left, right) {
      const [a, b] = [find(left), find(right)];
      a.isOpen = false;
      b.isOpen = false;
      open(a.first, b.last, [left, right]);
    },
    lists: () => lists,
  };
}
