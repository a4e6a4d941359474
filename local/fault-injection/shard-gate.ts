import { hashKeyOf, type ShardMap } from '../../producer/client/shards/shard-map';
import { createIteratorMemory } from '../iterator-memory';
import { throughputExceeded } from './error-answers';
import type { ShardLimits } from './profile';
import {
  type EntryFailure,
  type PutRecordsEntry,
  type PutRecordsRequest,
  parsePutRecords,
  putTheRest,
} from './put-records';
import { createTokenBucket, type TokenBucket } from './token-bucket';
import { type Forward, type Gate, parseBody, type WireAnswer, type WireRequest } from './wire';

export interface ShardGatePorts {
  readonly forward: Forward;
  /** Rejects while a resharding is under way. */
  readonly listShards: (streamName: string) => Promise<ShardMap>;
  readonly accountId: string;
  /** Milliseconds that only go forward. */
  readonly elapsed: () => number;
  /** Told of entries, or calls, that a shard refused. */
  readonly onRefused: (operation: string, count: number) => void;
}

/** What a shard has left. */
interface Budget {
  readonly bytes: TokenBucket;
  readonly records: TokenBucket;
  readonly reads: TokenBucket;
}

/** Shards change seldom, and those who change them go through the gate. */
const mapLivesMs = 5_000;

/** Holds each shard to its limits, as Kinesis does and no emulator. */
export function createShardGate(limits: ShardLimits, ports: ShardGatePorts): Gate {
  const { forward, listShards, accountId, elapsed, onRefused } = ports;
  const maps = new Map<string, { readonly map: Promise<ShardMap | undefined>; readonly at: number }>();
  const budgets = new Map<string, Budget>();
  /** Stream and shard of each iterator that was given out. */
  const iterators = createIteratorMemory<readonly [string, string]>();

  const mapOf = (streamName: string): Promise<ShardMap | undefined> => {
    const known = maps.get(streamName);
    if (known && elapsed() - known.at < mapLivesMs) return known.map;
    // Unlimited for once is better than a refusal that no shard pronounced.
    const map = listShards(streamName).catch(() => {
      maps.delete(streamName);
      return undefined;
    });
    maps.set(streamName, { map, at: elapsed() });
    return map;
  };

  const budgetOf = (streamName: string, shardId: string): Budget => {
    const key = `${streamName}/${shardId}`;
    const known = budgets.get(key);
    if (known) return known;
    const bucket = (perSecond: number | undefined) => createTokenBucket(perSecond, elapsed());
    const budget = {
      bytes: bucket(limits.bytesPerSecond),
      records: bucket(limits.recordsPerSecond),
      reads: bucket(limits.readsPerSecond),
    };
    budgets.set(key, budget);
    return budget;
  };

  const exceeded = (streamName: string, shardId: string): EntryFailure => ({
    ErrorCode: 'ProvisionedThroughputExceededException',
    ErrorMessage: `Rate exceeded for shard ${shardId} in stream ${streamName} under account ${accountId}.`,
  });

  /** Undefined if the shard takes the record, which is spent then. */
  const admit = (streamName: string, map: ShardMap, entry: PutRecordsEntry): EntryFailure | undefined => {
    const hash = entry.ExplicitHashKey
      ? BigInt(entry.ExplicitHashKey).toString(16).padStart(32, '0')
      : hashKeyOf(entry.PartitionKey);
    const shardId = map.shards.find(({ lastHash }) => hash <= lastHash)?.id ?? '';
    const { bytes, records } = budgetOf(streamName, shardId);
    const size = Buffer.byteLength(entry.Data, 'base64') + Buffer.byteLength(entry.PartitionKey);
    const now = elapsed();
    if (!bytes.hasSome(now) || !records.hasSome(now)) return exceeded(streamName, shardId);
    bytes.take(size);
    records.take(1);
    return undefined;
  };

  const putRecords = async (request: WireRequest): Promise<WireAnswer> => {
    const put = parsePutRecords(request);
    const map = put && (await mapOf(put.StreamName));
    if (!map) return forward(request);
    const failures = put.Records.map((entry) => admit(put.StreamName, map, entry));
    const refused = failures.filter((failure) => failure).length;
    if (refused > 0) onRefused('PutRecords', refused);
    return putTheRest(request, put, failures, forward);
  };

  const putRecord = async (request: WireRequest): Promise<WireAnswer> => {
    const put = parseBody<PutRecordsEntry & PutRecordsRequest>(request.body);
    const map = put?.StreamName && (await mapOf(put.StreamName));
    const failure = map && put?.StreamName && admit(put.StreamName, map, put);
    if (!failure) return forward(request);
    onRefused('PutRecord', 1);
    return throughputExceeded(failure.ErrorMessage);
  };

  const getIterator = async (request: WireRequest): Promise<WireAnswer> => {
    const asked = parseBody<{ readonly StreamName?: string; readonly ShardId?: string }>(request.body);
    const answer = await forward(request);
    if (asked?.StreamName && asked.ShardId)
      iterators.remember(parseBody<{ readonly ShardIterator?: string }>(answer.body)?.ShardIterator, [
        asked.StreamName,
        asked.ShardId,
      ]);
    return answer;
  };

  const getRecords = async (request: WireRequest): Promise<WireAnswer> => {
    const iterator = parseBody<{ readonly ShardIterator?: string }>(request.body)?.ShardIterator ?? '';
    const shard = iterators.get(iterator);
    if (!shard) return forward(request);
    const { reads } = budgetOf(...shard);
    if (!reads.hasSome(elapsed())) {
      onRefused('GetRecords', 1);
      return throughputExceeded(exceeded(...shard).ErrorMessage);
    }
    reads.take(1);
    const answer = await forward(request);
    if (answer.status === 200)
      iterators.remember(
        parseBody<{ readonly NextShardIterator?: string }>(answer.body)?.NextShardIterator,
        shard,
      );
    return answer;
  };

  return async (operation, request) => {
    switch (operation) {
      case 'PutRecords':
        return putRecords(request);
      case 'PutRecord':
        return putRecord(request);
      case 'GetShardIterator':
        return getIterator(request);
      case 'GetRecords':
        return limits.readsPerSecond === undefined ? forward(request) : getRecords(request);
      default: {
        const answer = await forward(request);
        if (operation === 'SplitShard' || operation === 'MergeShards') maps.clear();
        return answer;
      }
    }
  };
}
