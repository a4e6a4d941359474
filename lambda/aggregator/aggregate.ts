import { forEachConcurrently } from '../../domain/concurrency';
import { type CounterWrite, notYetCounted, planRun, planWrite } from '../../domain/counter-write';
import { type Entry, fold, type ItemRun, type ShardRecord } from '../../domain/fold';
import { positionOf } from '../../domain/position';
import { UniqueFold, type UniqueRun } from '../../domain/unique-fold';
import { countUniques, type UniquesStore } from './count-uniques';
import type { CountersTable } from './counters-table';
import type { BatchDuplicates, DuplicateRemoval } from './duplicate-removal';
import type { ShardBatch } from './kinesis-event';
import type { KnownPositions } from './known-positions';

/** What became of a batch. Every number is of this delivery alone. */
export interface Outcome {
  readonly records: number;
  /** Duplicates included. */
  readonly valid: number;
  readonly duplicates: number;
  readonly late: number;
  readonly invalidByReason: ReadonlyMap<string, number>;
  readonly itemsWritten: number;
  /** Items with sketches of distinct visitors and sessions; those that did not change are not written. */
  readonly sketchesWritten: number;
  /** Items of recent events, by which duplicates are told. */
  readonly recentItemsRead: number;
  readonly recentItemsWritten: number;
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

/** What is done beside the counting of every event. */
export interface AggregateOptions {
  /** Without it, no event is a duplicate. */
  readonly removal?: DuplicateRemoval | undefined;
  /** Without it, no sketches are kept. */
  readonly uniques?: UniquesStore | undefined;
  /** Without it, the table is asked about every item again when a batch comes back. */
  readonly known?: KnownPositions | undefined;
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
  { removal, uniques, known }: AggregateOptions = {},
): Promise<Outcome> {
  const tally = new Tally();
  const first = startOf(batch);
  let duplicates: BatchDuplicates | undefined;
  let decided: readonly ShardRecord[] = batch.records;
  try {
    duplicates = await removal?.begin(batch, signal);
  } catch (error) {
    // Counted now, a duplicate could not be taken back: nothing is, and the whole batch comes again.
    tally.unfinished(first, error);
    decided = [];
  }
  const uniqueFold = uniques && new UniqueFold(batch.shard, uniques.counted);
  const { runs, ...counts } = fold(batch.shard, decided, duplicates?.isDuplicate, uniqueFold?.add);
  const items = [
    // Whether before or after the counters does not matter, as long as it is done when the batch is.
    () => remember(duplicates, first, signal, tally),
    ...runs.map((run) => () => countRun(run, table, signal, tally, known)),
    ...(uniqueFold?.runs() ?? []).map((run) => () => countUniqueRun(run, uniques!, signal, tally)),
  ];
  await forEachConcurrently(items, concurrentWrites, (count) => count());
  return { records: batch.records.length, ...counts, ...tally.result() };
}

/** Where a record or one of its events stands. */
type Place = Pick<Entry, 'position' | 'sequenceNumber'>;

/** @throws RangeError for a batch without records, which no mapping sends */
function startOf({ records }: ShardBatch): Place {
  const sequenceNumber = records[0]?.sequenceNumber;
  if (sequenceNumber === undefined) throw new RangeError('batch without records');
  return { sequenceNumber, position: positionOf(sequenceNumber, 0) };
}

async function remember(
  duplicates: BatchDuplicates | undefined,
  first: Place,
  signal: AbortSignal,
  tally: Tally,
): Promise<void> {
  if (!duplicates) return;
  tally.recentItemsRead = duplicates.itemsRead;
  try {
    tally.recentItemsWritten = await duplicates.remember(signal);
  } catch (error) {
    tally.unfinished(first, error);
  }
}

async function countRun(
  run: ItemRun,
  table: CountersTable,
  signal: AbortSignal,
  tally: Tally,
  known: KnownPositions | undefined,
): Promise<void> {
  const { total } = run;
  // Undefined is all of the run, of which one write mostly holds everything: its entries are not made then.
  let rest: readonly Entry[] | undefined;
  const counted = known?.get(run.key);
  if (counted !== undefined && counted >= total.first) {
    rest = notYetCounted(run.entries, counted);
    tally.alreadyCounted(run.entries.slice(0, run.entries.length - rest.length));
  }
  let held: Parameters<typeof planWrite>[1];
  try {
    while (rest === undefined || rest.length > 0) {
      signal.throwIfAborted();
      const write: CounterWrite = rest ? planWrite(rest, held) : planRun(run);
      const result = await table.write(run.key, run.window, write, signal);
      tally.writesRetried += result.retries;
      if (result.written) {
        tally.itemWritten(write.cut, write.other);
        known?.set(run.key, write.last);
        rest = write.entries === total.entries ? [] : (rest ?? run.entries).slice(write.entries);
        held = undefined;
      } else {
        held = result.held;
        if (held) known?.set(run.key, held.position);
        else known?.delete(run.key);
        const asked = rest ?? run.entries;
        rest = held ? notYetCounted(asked, held.position) : asked;
        tally.alreadyCounted(asked.slice(0, asked.length - rest.length));
        tally.writesRetried += rest.length > 0 ? 1 : 0;
      }
    }
  } catch (error) {
    tally.unfinished((rest ?? run.entries)[0]!, error);
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
  recentItemsRead = 0;
  recentItemsWritten = 0;
  private itemsWritten = 0;
  private valuesCut = 0;
  private valuesWithoutRoom = 0;
  private readonly counted = new Set<string>();
  private readonly errors = new Map<string, number>();
  private lowest: Place | undefined;

  itemWritten(cut: number, other: number): void {
    this.itemsWritten++;
    this.valuesCut += cut;
    this.valuesWithoutRoom += other;
  }

  alreadyCounted(entries: readonly Entry[]): void {
    for (const { sequenceNumber } of entries) this.counted.add(sequenceNumber);
  }

  unfinished(first: Place, error: unknown): void {
    const name = nameOf(error);
    this.errors.set(name, (this.errors.get(name) ?? 0) + 1);
    if (!this.lowest || first.position < this.lowest.position) this.lowest = first;
  }

  result() {
    return {
      itemsWritten: this.itemsWritten,
      sketchesWritten: this.sketchesWritten,
      recentItemsRead: this.recentItemsRead,
      recentItemsWritten: this.recentItemsWritten,
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
