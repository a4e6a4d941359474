import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
  type ListShardsCommandOutput,
} from '@aws-sdk/client-kinesis';
import type { Clock } from '../../cli/clock';
import { classifyAwsError } from '../client/aws-errors';
import { backoffMs, defaultBackoff } from '../client/backoff';

/** A record as the stream holds it. */
export interface RecordInStream {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly data: Uint8Array;
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
}

export interface StreamPorts {
  readonly client: Pick<KinesisClient, 'send'>;
  readonly clock: Clock;
  readonly random?: () => number;
}

const mostAttempts = 10;

/**
 * Reads all that a stream holds by now, shard by shard, closed ones included. What arrives while it is read may be among
 * it or not. Repeats what Kinesis refused because others read, too. Throws the SDK's error for a stream that is not
 * there or may not be read.
 *
 * It reads from the oldest record on, also where only the newest are wanted: an event may be in the stream before the
 * first place that a ledger knows of, and emulators do not find records by time.
 */
export async function* streamRecords(
  streamName: string,
  ports: StreamPorts,
): AsyncGenerator<RecordInStream, void, undefined> {
  for (const shardId of await shardIds(streamName, ports)) yield* shardRecords(streamName, shardId, ports);
}

async function shardIds(streamName: string, ports: StreamPorts): Promise<string[]> {
  const ids: string[] = [];
  let page: ListShardsCommandOutput | undefined;
  do {
    const command = new ListShardsCommand(
      page?.NextToken ? { NextToken: page.NextToken } : { StreamName: streamName },
    );
    page = await repeated(() => ports.client.send(command), ports);
    for (const { ShardId } of page.Shards ?? []) if (ShardId) ids.push(ShardId);
  } while (page.NextToken);
  return ids;
}

async function* shardRecords(
  StreamName: string,
  ShardId: string,
  ports: StreamPorts,
): AsyncGenerator<RecordInStream, void, undefined> {
  const { client, clock } = ports;
  const startedAt = clock.now();
  const from = new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
  let { ShardIterator: iterator } = await repeated(() => client.send(from), ports);
  while (iterator !== undefined) {
    const command = new GetRecordsCommand({ ShardIterator: iterator });
    const page = await repeated(() => client.send(command), ports);
    let arrivedAt = 0;
    for (const {
      SequenceNumber = '',
      Data = new Uint8Array(),
      ApproximateArrivalTimestamp,
    } of page.Records ?? []) {
      arrivedAt = ApproximateArrivalTimestamp?.getTime() ?? 0;
      yield { shardId: ShardId, sequenceNumber: SequenceNumber, data: Data, arrivedAt };
    }
    // A page may be empty though more follow: then it is behind. A stream that is written to would never end.
    const isAtEnd = (page.Records ?? []).length === 0 && (page.MillisBehindLatest ?? 0) === 0;
    if (isAtEnd || arrivedAt > startedAt) return;
    iterator = page.NextShardIterator;
  }
}

/** Makes a call again after throttling, an answer that did not come, and a fault of the server. */
async function repeated<T>(call: () => Promise<T>, { clock, random = Math.random }: StreamPorts): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      const kind = error instanceof Error ? classifyAwsError(error) : 'not_aws';
      if (attempt === mostAttempts || (kind !== 'throttled' && kind !== 'unanswered')) throw error;
      await clock.sleep(backoffMs(attempt, random, defaultBackoff));
    }
  }
}
