import { notYetCounted, planWrite } from '../../domain/counter-write';
import { type Entry, fold, type ItemRun } from '../../domain/fold';
import { UniqueFold, type UniqueRun } from '../../domain/unique-fold';
import { forEachConcurrently } from './concurrency';
import { countUniques, type UniquesStore } from './count-uniques';
import type { CountersTable } from './counters-table';
import type { ShardBatch } from './kinesis-event';

/** What became of a batch. Every number is of this delivery alone. */
export interface Outcome {
  readonly records: number;
  readonly valid: number;
  readonly late: number;
  readonly invalidByReason: ReadonlyMap<string, number>;
  readonly itemsWritten: number;
  /** Items with sketches of distinct visitors and sessions; those that did not change are not written. */
  readonly sketchesWritten: number;
  readonly writesRetried: number;
  /** Records of which an item had counted an event before: this batch, or a part of it, was delivered again. */
  readonly recordsAlreadyCounted: number;
  readonly valuesCut: number;
  readonly valuesWithoutRoom: number;
  /** Items that could not be written to their end, by the name of the error. */
  readonly unfinishedByError: ReadonlyMap<string, number>;
  /** The first record in the shard's order that some item has not counted; the mapping has to go on from there. */
  readonly lowestUnfinished?: string;
}

/** What is counted beside the counters; nothing by default. */
export interface AlsoCounted {
  readonly uniques?: UniquesStore | undefined;
}

/** Writes under way at once. Items are independent, and one batch touches from about twenty to a few hundred. */
const concurrentWrites = 32;

/**
 * Counts a batch into the table. A fault of the table leaves items unfinished and is reported, not thrown:
 * everything that was counted is skipped when the batch comes back.
 *
 * @param signal ends the work in time to report what is unfinished before the function times out
 */
export async function aggregate(
  batch: ShardBatch,
  table: CountersTable,
  signal: AbortSignal,
  { uniques }: AlsoCounted = {},
): Promise<Outcome> {
  const uniqueFold = uniques && new UniqueFold(batch.shard, uniques.counted);
  const { runs, valid, late, invalidByReason } = fold(batch.shard, batch.records, undefined, uniqueFold?.add);
  const tally = new Tally();
  const items = [
    ...runs.map((run) => () => countRun(run, table, signal, tally)),
    ...(uniqueFold?.runs() ?? []).map((run) => () => countUniqueRun(run, uniques!, signal, tally)),
  ];
  await forEachConcurrently(items, concurrentWrites, (count) => count());
  return { records: batch.records.length, valid, late, invalidByReason, ...tally.result() };
}

async function countRun(
  run: ItemRun,
  table: CountersTable,
  signal: AbortSignal,
  tally: Tally,
): Promise<void> {
  let rest = run.entries;
  let held: Parameters<typeof planWrite>[1];
  try {
    while (rest.length > 0) {
      signal.throwIfAborted();
      const write = planWrite(rest, held);
      const result = await table.write(run.key, run.window, write, signal);
      tally.writesRetried += result.retries;
      if (result.written) {
        tally.itemWritten(write.cut, write.other);
        rest = rest.slice(write.entries);
        held = undefined;
      } else {
        held = result.held;
        const uncounted = held ? notYetCounted(rest, held.position) : rest;
        tally.alreadyCounted(rest.slice(0, rest.length - uncounted.length));
        tally.writesRetried += uncounted.length > 0 ? 1 : 0;
        rest = uncounted;
      }
    }
  } catch (error) {
    tally.unfinished(rest[0]!, error);
  }
}

async function countUniqueRun(
  run: UniqueRun,
  uniques: UniquesStore,
  signal: AbortSignal,
  tally: Tally,
): Promise<void> {
  try {
    const { written, retries } = await countUniques(run, uniques, signal);
    tally.writesRetried += retries;
    if (written) tally.sketchesWritten++;
  } catch (error) {
    tally.unfinished(run.first, error);
  }
}

/** Adds up over the items of a batch. */
class Tally {
  writesRetried = 0;
  sketchesWritten = 0;
  private itemsWritten = 0;
  private valuesCut = 0;
  private valuesWithoutRoom = 0;
  private readonly counted = new Set<string>();
  private readonly errors = new Map<string, number>();
  private lowest: Pick<Entry, 'position' | 'sequenceNumber'> | undefined;

  itemWritten(cut: number, other: number): void {
    this.itemsWritten++;
    this.valuesCut += cut;
    this.valuesWithoutRoom += other;
  }

  alreadyCounted(entries: readonly Entry[]): void {
    for (const { sequenceNumber } of entries) this.counted.add(sequenceNumber);
  }

  unfinished(first: Pick<Entry, 'position' | 'sequenceNumber'>, error: unknown): void {
    const name = nameOf(error);
    this.errors.set(name, (this.errors.get(name) ?? 0) + 1);
    if (!this.lowest || first.position < this.lowest.position) this.lowest = first;
  }

  result() {
    return {
      itemsWritten: this.itemsWritten,
      sketchesWritten: this.sketchesWritten,
      writesRetried: this.writesRetried,
      recordsAlreadyCounted: this.counted.size,
      valuesCut: this.valuesCut,
      valuesWithoutRoom: this.valuesWithoutRoom,
      unfinishedByError: this.errors,
      ...(this.lowest ? { lowestUnfinished: this.lowest.sequenceNumber } : {}),
    };
  }
}

/** The kind of an error. Its message stays out of logs and metrics: it may quote what was to be written. */
function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : typeof error;
}
