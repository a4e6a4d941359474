import {
  ListShardsCommand,
  type ListShardsCommandOutput,
  type PutRecordsCommand,
  type PutRecordsCommandOutput,
} from '@aws-sdk/client-kinesis';
import type { ProducerClient } from '../../producer/client/producer';

/** What becomes of one request. */
export type Answer =
  | 'accept'
  /** The error codes of entries that fail, by index; the others are accepted. */
  | { readonly fail: ReadonlyMap<number, string> }
  /** The records are stored, and the answer never arrives. */
  | 'lose_answer'
  /** Nothing is stored, and the call fails. */
  | Error;

export interface FakeKinesis {
  readonly client: ProducerClient;
  /** The requests' records as texts, in the order in which they came. */
  readonly requests: string[][];
  readonly requestBytes: number[];
  /** What is in the stream. */
  readonly stored: string[];
  mostInFlight(): number;
}

/** An error as the SDK throws it for an HTTP answer. */
export function awsError(name: string, httpStatusCode: number, message = `${name} said so`): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

/** An error as Node's sockets throw it. */
export function networkError(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code });
}

const shardId = 'shardId-000000000007';
const oneShard: ListShardsCommandOutput = {
  $metadata: { httpStatusCode: 200 },
  Shards: [
    {
      ShardId: shardId,
      HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) },
      SequenceNumberRange: { StartingSequenceNumber: '0' },
    },
  ],
};

/**
 * A stream of one shard.
 *
 * @param answer what becomes of the n-th request (from 0) of so many records
 * @param before awaited before each answer, so that a test can hold requests back
 */
export function createFakeKinesis(
  answer: (request: number, records: number) => Answer = () => 'accept',
  before: () => Promise<void> = async () => {},
): FakeKinesis {
  const requests: string[][] = [];
  const requestBytes: number[] = [];
  const stored: string[] = [];
  let inFlight = 0;
  let most = 0;

  const put = async ({ input }: PutRecordsCommand): Promise<PutRecordsCommandOutput> => {
    const records = input.Records ?? [];
    const texts = records.map(({ Data }) => Buffer.from(Data!).toString());
    const sizes = records.map(({ Data, PartitionKey }) => Data!.length + Buffer.byteLength(PartitionKey!));
    const verdict = answer(requests.length, records.length);
    requests.push(texts);
    requestBytes.push(sizes.reduce((sum, size) => sum + size, 0));
    inFlight++;
    most = Math.max(most, inFlight);
    await before();
    inFlight--;
    if (verdict instanceof Error) throw verdict;
    if (verdict === 'lose_answer') {
      stored.push(...texts);
      throw networkError('ECONNRESET');
    }
    const failing = verdict === 'accept' ? new Map<number, string>() : verdict.fail;
    return {
      $metadata: { httpStatusCode: 200 },
      FailedRecordCount: failing.size,
      Records: texts.map((text, index) => {
        const ErrorCode = failing.get(index);
        if (ErrorCode) return { ErrorCode, ErrorMessage: `${ErrorCode} for this record` };
        stored.push(text);
        return { ShardId: shardId, SequenceNumber: String(stored.length) };
      }),
    };
  };
  function send(command: PutRecordsCommand): Promise<PutRecordsCommandOutput>;
  function send(command: ListShardsCommand): Promise<ListShardsCommandOutput>;
  async function send(command: PutRecordsCommand | ListShardsCommand) {
    return command instanceof ListShardsCommand ? oneShard : put(command);
  }
  return { client: { send }, requests, requestBytes, stored, mostInFlight: () => most };
}
