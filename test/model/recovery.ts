import { dynamoUniquesTable } from '../../lambda/aggregator/uniques-table';
import { archivedShard } from '../recover/archived-shard';
import { givenUp } from '../recover/failure-factory';
import { createMemoryBucket } from '../recover/memory-bucket';
import type { MemoryDynamo } from '../support/memory-dynamo';
import { callsThrough, itemCallsThrough } from './calls';
import { connect, type InvocationPlan, type Later } from './connection';
import { modelStart } from './lines';
import type { Span } from './play';
import type { ModelShard } from './stream';
import type { Subject } from './subjects';

/** Repairs of what a mapping gives up, beside its work. */
export interface Recovery {
  /** Writes an on-failure object. */
  giveUp(shard: number, span: Span): Promise<void>;
  /** Runs a repair of one of the objects that are left, with the archive so many records ahead of the batch. */
  attempt(which: number, ahead: number, plan: InvocationPlan): Promise<void>;
  /** Repairs all that is left, from a complete archive. */
  finish(): Promise<void>;
}

/** When repairs take place: nothing has expired, and the stream still holds everything. */
const now = () => modelStart + 2 * 3_600_000;

export function startRecovery(
  shards: readonly ModelShard[],
  table: MemoryDynamo,
  later: Later,
  { recovery, settings }: Subject,
): Recovery {
  const onFailure = createMemoryBucket(now);
  const archived = shards.map(({ name, records }) => archivedShard([...records], now, name));
  const batches = new Map<string, { readonly shard: number; readonly span: Span }>();

  const run = async (key: string, plan: InvocationPlan): Promise<string> => {
    const { archive, stream, readWatermark } = archived[batches.get(key)!.shard]!;
    const connection = connect(later);
    const { stopped } = connection.begin(plan);
    const repaired = recovery.repairObject(key, false, {
      archive,
      stream,
      readWatermark,
      now,
      table: recovery.dynamoItemsTable(itemCallsThrough(connection, table), 'aggregates'),
      uniques: dynamoUniquesTable(callsThrough(connection, table), 'aggregates'),
      settings: {
        minuteRetentionDays: settings.retentionDays.minute,
        hourRetentionDays: settings.retentionDays.hour,
        deduplicationSeconds: settings.deduplicationSeconds,
        uniqueVisitors: settings.uniqueVisitors,
      },
      onFailure,
    });
    const ended = repaired.then(
      ({ outcome, reasons }) => [outcome, ...reasons].join(': '),
      (error: unknown) => String(error),
    );
    return Promise.race([ended, stopped.then(() => 'died')]);
  };
  const left = (): string[] => onFailure.keys().filter((key) => !key.startsWith('repaired/'));

  return {
    giveUp: async (shard, span) => {
      const { name, records } = shards[shard]!;
      const uuid = `object-${String(batches.size).padStart(3, '0')}`;
      const { key, body } = givenUp(name, records.slice(span.from, span.to), { uuid });
      batches.set(key, { shard, span });
      await onFailure.put(key, body);
    },
    attempt: async (which, ahead, plan) => {
      const keys = left();
      const key = keys[which % keys.length];
      if (key === undefined) return;
      const { shard, span } = batches.get(key)!;
      await archived[shard]!.archiveUpTo(Math.min(span.to - 1 + ahead, shards[shard]!.records.length));
      await run(key, plan);
    },
    finish: async () => {
      for (const [shard, { records }] of shards.entries()) await archived[shard]!.archiveUpTo(records.length);
      for (let before = left(); before.length > 0; before = left()) {
        const outcomes: string[] = [];
        for (const key of before) outcomes.push(await run(key, { faults: [] }));
        // What one batch has left wrong may keep another from being repaired, but not for ever.
        if (left().length === before.length) throw new Error(`cannot be repaired:\n${outcomes.join('\n')}`);
      }
    },
  };
}
