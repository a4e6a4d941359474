import { setTimeout } from 'node:timers/promises';
import {
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  type KinesisClient,
  ListShardsCommand,
  type ListShardsCommandOutput,
} from '@aws-sdk/client-kinesis';
import type { ShardRecord } from '../../domain/event/shard-lines';

/** Where to begin in a shard. */
export type ReadFrom = { readonly after: string } | { readonly arrivedAt: number };

/** The stream, as far as recovery reads it. */
export interface StreamPort {
  readonly name: string;
  describe(): Promise<StreamDescription>;
  shardIds(): Promise<readonly string[]>;
  /** A shard's records in order, to those that it holds now. What it has forgotten is left out. */
  read(shardId: string, from: ReadFrom): AsyncGenerator<readonly ShardRecord[]>;
}

export interface StreamDescription {
  readonly retentionMs: number;
  /** Epoch milliseconds; the archive may hold lines of an earlier stream, whose shards have the same names. */
  readonly createdAt: number;
}

/** Waits between calls that the stream refuses because others read it as well. */
const patienceMs = [200, 400, 800, 1_600, 3_200, 6_400] as const;

export function kinesisStreamPort(
  client: KinesisClient,
  name: string,
  sleep: (ms: number) => Promise<unknown> = setTimeout,
): StreamPort {
  const repeated = async <T>(call: () => Promise<T>): Promise<T> => {
    for (const ms of patienceMs) {
      try {
        return await call();
      } catch (error) {
        if ((error as Error).name !== 'ProvisionedThroughputExceededException') throw error;
        await sleep(ms);
      }
    }
    return call();
  };
  return {
    name,
    async describe() {
      const { StreamDescriptionSummary: summary } = await repeated(() =>
        client.send(new DescribeStreamSummaryCommand({ StreamName: name })),
      );
      return {
        retentionMs: (summary?.RetentionPeriodHours ?? 24) * 3_600_000,
        createdAt: summary?.StreamCreationTimestamp?.getTime() ?? 0,
      };
    },
    async shardIds() {
      const ids: string[] = [];
      let page: ListShardsCommandOutput | undefined;
      do {
        const command = new ListShardsCommand(
          page?.NextToken ? { NextToken: page.NextToken } : { StreamName: name },
        );
        page = await repeated(() => client.send(command));
        for (const { ShardId } of page.Shards ?? []) if (ShardId) ids.push(ShardId);
      } while (page.NextToken);
      return ids;
    },
    async *read(shardId, from) {
      const start = new GetShardIteratorCommand({ StreamName: name, ShardId: shardId, ...iteratorOf(from) });
      let { ShardIterator: iterator } = await repeated(() => client.send(start));
      while (iterator !== undefined) {
        const command = new GetRecordsCommand({ ShardIterator: iterator });
        const page = await repeated(() => client.send(command));
        const records = (page.Records ?? []).map(({ SequenceNumber, Data, ApproximateArrivalTimestamp }) => ({
          sequenceNumber: SequenceNumber ?? '',
          data: Data ?? new Uint8Array(),
          arrivedAt: ApproximateArrivalTimestamp?.getTime() ?? 0,
        }));
        if (records.length > 0) yield records;
        // A page may be empty though more follow: then it is behind.
        else if ((page.MillisBehindLatest ?? 0) === 0) return;
        iterator = page.NextShardIterator;
      }
    },
  };
}

function iteratorOf(
  from: ReadFrom,
): Pick<GetShardIteratorCommandInput, 'ShardIteratorType' | 'StartingSequenceNumber' | 'Timestamp'> {
  if ('after' in from)
    return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: from.after };
  return { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(from.arrivedAt) };
}
