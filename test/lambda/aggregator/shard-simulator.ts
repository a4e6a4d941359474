import type { ShardRecord } from '../../../domain/fold';
import { aggregate, type Outcome } from '../../../lambda/aggregator/aggregate';
import { dynamoCountersTable } from '../../../lambda/aggregator/counters-table';
import type { DuplicateRemoval } from '../../../lambda/aggregator/duplicate-removal';
import type { DynamoCalls } from '../../../lambda/aggregator/dynamo-calls';
import { createMemoryDynamo, type MemoryDynamo } from '../../support/memory-dynamo';

export const retentionDays = { minute: 7, hour: 30 } as const;
export const arrival = Date.parse('2026-03-01T10:00:00.000Z');

const firstSequenceNumber = 49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898n;

/** Records of a shard with growing sequence numbers, a second apart. */
export function shardRecords(data: readonly (string | Uint8Array)[]): ShardRecord[] {
  return data.map((text, index) => ({
    sequenceNumber: String(firstSequenceNumber + BigInt(index) * 7n),
    data: typeof text === 'string' ? Buffer.from(text) : text,
    arrivedAt: arrival + index * 1000,
  }));
}

/** Counts a batch through the real adapter and expressions. */
export function deliver(
  calls: DynamoCalls,
  records: readonly ShardRecord[],
  shard = 'clicks/shardId-000000000000',
  signal = new AbortController().signal,
  removal?: DuplicateRemoval,
): Promise<Outcome> {
  const table = dynamoCountersTable(calls, 'aggregates', retentionDays);
  return aggregate({ shard, records }, table, signal, { removal });
}

/** The table as it must be comparable over schedules: everything but the bound, which may be above the truth. */
export function contents(dynamo: MemoryDynamo): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    dynamo
      .items()
      .map(({ sizeBound, ...item }) => [`${item.pk?.S} ${item.sk?.S}`, item] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

export async function cleanPass(records: readonly ShardRecord[], shard?: string): Promise<MemoryDynamo> {
  const dynamo = createMemoryDynamo();
  await deliver(dynamo, records, shard);
  return dynamo;
}

export class Crash extends Error {}

export type Fault = 'before' | 'after';

/**
 * A connection that fails at the given calls, numbered from 0. `before` cuts it before the table acts, `after` when
 * it has acted, so that only the answer is lost.
 */
export function failingConnection(
  faults: ReadonlyMap<number, Fault>,
): <Output>(call: () => Promise<Output>) => Promise<Output> {
  let made = 0;
  return async (call) => {
    const fault = faults.get(made++);
    if (fault === 'before') throw new Crash('connection cut before the table acted');
    const output = await call();
    if (fault === 'after') throw new Crash('connection cut after the table acted');
    return output;
  };
}

/** The table behind such a connection. Reading an item always works: it is what emulators need to be asked for. */
export function faulty(calls: DynamoCalls, faults: ReadonlyMap<number, Fault>): DynamoCalls {
  const attempt = failingConnection(faults);
  return {
    ...calls,
    update: (input, signal) => attempt(() => calls.update(input, signal)),
    put: (input, signal) => attempt(() => calls.put(input, signal)),
    query: (input, signal) => attempt(() => calls.query(input, signal)),
  };
}
