import type { Settings } from '../../lib/settings';
import { type CostLine, costLine } from '../cost-line';
import type { Flow } from '../flow';
import { assumed, measured } from '../measured';
import type { PriceList } from '../prices';
import type { ShardHour } from '../shard-hour';
import { hoursPerMonth, mib, secondsPerHour, secondsPerMonth } from '../units';

/** Firehose hands the transformer so much at most; `lib/delivery-stream.ts` sets it. */
const transformerBufferBytes = mib;

/** Of a function, in a month. */
export interface Invocations {
  readonly count: number;
  /** Mean of one, as billed. */
  readonly milliseconds: number;
  readonly memoryMiB: number;
}

/** @param shard batches of one shard in an hour, and how often each writes to the table, so many times at once */
export function aggregatorInvocations(
  { shards, recordsPerSecond, eventsPerRecord }: Flow,
  eventBytes: number,
  settings: Pick<Settings, 'aggregatorMemoryMiB' | 'deduplicationSeconds' | 'uniqueVisitors'>,
  shard: { readonly batches: number; readonly writes: number; readonly writesAtOnce: number },
): Invocations {
  const memoryMiB = settings.aggregatorMemoryMiB;
  if (shard.batches === 0) return { count: 0, milliseconds: 0, memoryMiB };
  const { perInvocation, perRecord, perByte, perWrite } = measured.aggregator;
  const { duplicates, ...visitors } = measured.perEventWith;
  const perEvent =
    measured.aggregator.perEvent +
    (settings.deduplicationSeconds > 0 ? duplicates : 0) +
    visitors[settings.uniqueVisitors];
  const records = ((recordsPerSecond / shards) * secondsPerHour) / shard.batches;
  const micros =
    perInvocation +
    records * (perRecord + eventsPerRecord * (perEvent + eventBytes * perByte)) +
    shard.writes * perWrite;
  const waitMs = Math.ceil(shard.writes / shard.writesAtOnce) * assumed.tableLatencyMs;
  return {
    count: shard.batches * shards * hoursPerMonth,
    milliseconds: Math.ceil(micros / 1_000 / cpuShare(memoryMiB) + waitMs),
    memoryMiB,
  };
}

/** Its schedule asks nobody whether there is anything to compact. */
export function compactorInvocations(
  shards: number,
  { batches, compactions, items }: Pick<ShardHour, 'batches' | 'compactions' | 'items'>,
  settings: Pick<Settings, 'compactorMemoryMiB'>,
): Invocations {
  const memoryMiB = settings.compactorMemoryMiB;
  const { perInvocation, perDelta, perItem } = measured.compactor;
  const { compactionsPerHour, itemsReadAtOnce, itemsWrittenAtOnce, shardsAtOnce, tableLatencyMs } = assumed;
  const micros = perInvocation + (shards * (batches * perDelta + items * perItem)) / compactionsPerHour;
  // The entries; of each shard its log; of each compaction the items, a hundred at a time, and the entry.
  const calls =
    1 +
    (Math.ceil(shards / shardsAtOnce) *
      (compactionsPerHour + items / itemsReadAtOnce + items / itemsWrittenAtOnce + compactions)) /
      compactionsPerHour;
  return {
    count: compactionsPerHour * hoursPerMonth,
    milliseconds: Math.ceil(micros / 1_000 / cpuShare(memoryMiB) + calls * tableLatencyMs),
    memoryMiB,
  };
}

/** Each shard fills buffers of its own, to a size, or to an age from the first record. */
export function transformerInvocations(
  { shards, recordsPerSecond, recordBytes, eventsPerRecord }: Flow,
  eventBytes: number,
  settings: Pick<Settings, 'transformerMemoryMiB' | 'transformerBufferSeconds'>,
): Invocations {
  const memoryMiB = settings.transformerMemoryMiB;
  if (recordsPerSecond === 0) return { count: 0, milliseconds: 0, memoryMiB };
  const inTime = 1 + (recordsPerSecond / shards) * settings.transformerBufferSeconds;
  const records = Math.max(1, Math.min(inTime, transformerBufferBytes / recordBytes));
  const { perInvocation, perRecord, perEvent, perByte } = measured.transformer;
  const micros = perInvocation + records * (perRecord + eventsPerRecord * (perEvent + eventBytes * perByte));
  return {
    count: (recordsPerSecond / records) * secondsPerMonth,
    milliseconds: Math.ceil(micros / 1_000 / cpuShare(memoryMiB)),
    memoryMiB,
  };
}

export function lambdaLines(
  name: string,
  { count, milliseconds, memoryMiB }: Invocations,
  { prices }: PriceList,
): CostLine[] {
  const gigabyteSeconds = ((milliseconds / 1_000) * count * memoryMiB) / 1_024;
  return [
    costLine('Lambda', `${name}: requests`, count, prices.lambdaRequest),
    costLine('Lambda', `${name}: ${milliseconds} ms each`, gigabyteSeconds, prices.lambdaArmDuration),
  ];
}

/** A function gets CPU time by its memory; what it does here, one thread does. */
export function cpuShare(memoryMiB: number): number {
  return Math.min(1, memoryMiB / assumed.vcpuMemoryMiB);
}
