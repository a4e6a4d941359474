import type { AggregationSettings } from '../../cli/aggregation-settings';
import type { ShardRecord } from '../../domain/fold';
import { dynamoUniquesTable } from '../../lambda/aggregator/uniques-table';
import type { RebuildPorts } from '../../recover/rebuild/rebuild';
import { type RepairObjectPorts, repairObject } from '../../recover/repair/repair';
import { dynamoItemsTable, type ItemCalls } from '../../recover/table/items-table';
import { arrival } from '../lambda/aggregator/shard-simulator';
import type { MemoryDynamo } from '../support/memory-dynamo';
import { neverAborted } from '../support/never-aborted';
import { type ArchivedShard, shard } from './archived-shard';
import { givenUp } from './failure-factory';
import { createMemoryBucket } from './memory-bucket';

export const now = arrival + 2 * 3_600_000;

export const settings: AggregationSettings = {
  minuteRetentionDays: 7,
  hourRetentionDays: 30,
  deduplicationSeconds: 0,
  uniqueVisitors: 'off',
};

function memoryItemCalls(dynamo: MemoryDynamo): ItemCalls {
  const signal = neverAborted();
  return {
    get: (input) => dynamo.get(input, signal),
    query: (input) => dynamo.query(input, signal),
    put: (input) => dynamo.put(input, signal),
    delete: (input) => dynamo.delete(input, signal),
  };
}

/** What recomputing needs: the shard's archive, and the table in memory. */
export function portsOf(dynamo: MemoryDynamo, archived: ArchivedShard): RebuildPorts {
  return {
    archive: archived.archive,
    stream: archived.stream,
    readWatermark: archived.readWatermark,
    now: () => now,
    table: dynamoItemsTable(memoryItemCalls(dynamo), 'aggregates'),
    uniques: dynamoUniquesTable(dynamo, 'aggregates'),
    settings,
  };
}

/** An on-failure object of these records, and what repairs it. */
export async function repairBench(
  batch: readonly ShardRecord[],
  archived: ArchivedShard,
  dynamo: MemoryDynamo,
  overrides: Partial<RepairObjectPorts> = {},
) {
  const onFailure = createMemoryBucket(() => now);
  const { key, body } = givenUp(shard, batch);
  await onFailure.put(key, body);
  const ports: RepairObjectPorts = {
    ...portsOf(dynamo, archived),
    onFailure,
    ...overrides,
  };
  return { key, onFailure, ports, repair: (dryRun = false) => repairObject(key, dryRun, ports) };
}
