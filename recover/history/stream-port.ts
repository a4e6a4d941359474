import { setTimeout } from 'node:timers/promises';
import {
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
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
  /**
   * A shard's records in order, to those that it holds now, also while more arrive. What it has forgotten is left out.
   */
  read(shardId: string, from: ReadFrom): AsyncGenerator<readonly ShardRecord[]>;
}

export interface StreamDescription {
  readonly retentionMs: number;
  /** Epoch milliseconds; the archive may hold lines of an earlier stream, whose shards have the same names. */
  readonly createdAt: number;
}

/** Waits between calls that the stream refuses because others read it as well. */
const patienceMs = [200, 400, 800, 1_600, 3_200, 6_400, 12_800] as const;

/**
 * AWS docs: a shard takes 5 calls and gives 2 MiB a second, to all that poll it together; one answer may have 10 MiB, behind
 * which the shard gives nothing for five seconds. Half of it is left to aggregator and delivery stream, which have to keep
 * up with what arrives.
 */
export const politePace = { callMs: 500, bytesPerSecond: 1024 * 1024 } as const;

/** How many bytes an answer is to have. */
const pageBytes = 512 * 1024;
/** Of the first call, when nobody knows how large records are. */
const firstLimit = 10;
const mostRecords = 10_000;

export interface StreamPortOptions {
  /** Undefined for a stream that bears any number of calls. */
  readonly pace: typeof politePace | undefined;
  readonly sleep?: (ms: number) => Promise<unknown>;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

export function kinesisStreamPort(
  client: KinesisClient,
  name: string,
  { pace, sleep = setTimeout, now = Date.now }: StreamPortOptions,
): StreamPort {
  const repeated = async <T>(call: () => Promise<T>): Promise<T> => {
    for (const ms of patienceMs) {
      try {
        return await call();
      } catch (error) {
        if (!isNamed(error, 'ProvisionedThroughputExceededException')) throw error;
        await sleep(ms);
      }
    }
    return call();
  };
  /** By shard, when its next call may go. */
  const nextCallAt = new Map<string, number>();
  const paced = async (
    shardId: string,
    ShardIterator: string,
    Limit: number,
  ): Promise<{ readonly page: GetRecordsCommandOutput; readonly bytes: number }> => {
    const waitMs = (nextCallAt.get(shardId) ?? 0) - now();
    if (waitMs > 0) await sleep(waitMs);
    const page = await repeated(() => client.send(new GetRecordsCommand({ ShardIterator, Limit })));
    let bytes = 0;
    for (const { Data } of page.Records ?? []) bytes += Data?.length ?? 0;
    if (pace) {
      const ms = Math.max(pace.callMs, (bytes / pace.bytesPerSecond) * 1_000);
      nextCallAt.set(shardId, now() + ms);
    }
    return { page, bytes };
  };
  const iteratorAt = async (shardId: string, from: ReadFrom): Promise<string | undefined> => {
    const start = new GetShardIteratorCommand({ StreamName: name, ShardId: shardId, ...iteratorOf(from) });
    return (await repeated(() => client.send(start))).ShardIterator;
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
      const startedAt = now();
      let begin = from;
      let limit = firstLimit;
      let iterator: string | undefined;
      try {
        iterator = await iteratorAt(shardId, begin);
        while (iterator !== undefined) {
          let answer: Awaited<ReturnType<typeof paced>>;
          try {
            answer = await paced(shardId, iterator, limit);
          } catch (error) {
            // It lives for five minutes, and whoever reads may have done something else meanwhile.
            if (!isNamed(error, 'ExpiredIteratorException')) throw error;
            iterator = await iteratorAt(shardId, begin);
            continue;
          }
          const { page, bytes } = answer;
          const records = (page.Records ?? []).map(
            ({ SequenceNumber, Data, ApproximateArrivalTimestamp }) => ({
              sequenceNumber: SequenceNumber ?? '',
              data: Data ?? new Uint8Array(),
              arrivedAt: ApproximateArrivalTimestamp?.getTime() ?? 0,
            }),
          );
          const last = records.at(-1);
          if (last) {
            begin = { after: last.sequenceNumber };
            limit = Math.min(
              Math.max(Math.floor((pageBytes * records.length) / bytes), 1),
              limit * 4,
              mostRecords,
            );
            yield records;
          }
          // A page may be empty though more follow: then it is behind. One that never is empty, because somebody writes
          // all the time, ends with what came after the beginning. Emulators always say that they are not behind.
          const isCaughtUp = (page.MillisBehindLatest ?? 0) === 0;
          if (isCaughtUp && (last === undefined || last.arrivedAt > startedAt)) return;
          iterator = page.NextShardIterator;
        }
      } catch (error) {
        // Behind its retention, a shard that was split or merged is gone, and all that it held.
        if (!isNamed(error, 'ResourceNotFoundException')) throw error;
      }
    },
  };
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

function iteratorOf(
  from: ReadFrom,
): Pick<GetShardIteratorCommandInput, 'ShardIteratorType' | 'StartingSequenceNumber' | 'Timestamp'> {
  if ('after' in from)
    return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: from.after };
  // Emulators know of no records before their time.
  if (from.arrivedAt <= 0) return { ShardIteratorType: 'TRIM_HORIZON' };
  return { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(from.arrivedAt) };
}
