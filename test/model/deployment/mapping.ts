import type { Random } from '../../../domain/numbers/random';
import { streamRetentionMs } from '../settings';
import type { Process } from './process';
import type { ModelRecord, ModelShard, ModelStream } from './stream';

/** Records of a shard that go to the function together. */
export interface Batch {
  readonly shard: ModelShard;
  /** Numbers of records, the end excluded. */
  readonly from: number;
  readonly to: number;
  process: Process | undefined;
}

/** An event source mapping: parents before their children, each shard in its order, one batch at a time. */
export class ModelMapping {
  readonly at = new Map<string, number>();
  private readonly batches = new Map<string, Batch>();

  constructor(
    private readonly random: Random,
    private readonly stream: ModelStream,
    private readonly giveUp: (shard: ModelShard, records: readonly ModelRecord[]) => void,
  ) {}

  positionIn({ name }: ModelShard): number {
    return this.at.get(name) ?? 0;
  }

  /** A batch that may go to the function now. */
  next(): Batch | undefined {
    const { random, stream } = this;
    const shards = [...stream.shards.values()];
    const first = random.below(shards.length);
    for (const shard of [...shards.slice(first), ...shards.slice(0, first)]) {
      const waiting = this.batches.get(shard.name);
      if (waiting?.process || (!waiting && this.isDoneWith(shard))) continue;
      if (shard.parents.some((parent) => !this.isDoneWith(stream.shards.get(parent)!))) continue;
      const from = this.positionIn(shard);
      const to = Math.min(shard.records.length, from + 1 + random.below(4));
      const batch = waiting ?? { shard, from, to, process: undefined };
      this.batches.set(shard.name, batch);
      return batch;
    }
    return undefined;
  }

  get isDone(): boolean {
    return [...this.stream.shards.values()].every((shard) => this.isDoneWith(shard));
  }

  private isDoneWith(shard: ModelShard): boolean {
    return this.positionIn(shard) >= shard.records.length && !this.batches.has(shard.name);
  }

  /**
   * Takes an answer to a batch, unless it was taken for failed long ago.
   *
   * @param unfinished number of the first record that is not counted; undefined if all are
   * @param hasFailed whether there is no answer
   */
  answered(batch: Batch, unfinished: number | undefined, hasFailed: boolean): void {
    const { shard } = batch;
    if (this.batches.get(shard.name) !== batch) return;
    if (!hasFailed && unfinished === undefined) {
      this.at.set(shard.name, batch.to);
      this.batches.delete(shard.name);
    } else if (!hasFailed && unfinished! > batch.from) {
      this.at.set(shard.name, unfinished!);
      this.batches.set(shard.name, { shard, from: unfinished!, to: batch.to, process: undefined });
    } else this.failed(batch);
  }

  /** Takes an invocation that still runs for failed; returns whether there is one. */
  lose(): boolean {
    const running = [...this.batches.values()].find(({ process }) => process);
    if (running) this.failed(running);
    return running !== undefined;
  }

  /** It comes again, whole or halved, or is given up: all of it, or what is too old in front. */
  private failed({ shard, from, to }: Batch): void {
    const { random } = this;
    const fate = random.float();
    const again = (begin: number, end: number): void => {
      if (begin < end) this.batches.set(shard.name, { shard, from: begin, to: end, process: undefined });
      else this.batches.delete(shard.name);
    };
    if (fate < 0.35) {
      const end = random.chance(0.7) ? to : from + 1 + random.below(to - from);
      this.giveUp(shard, shard.records.slice(from, end));
      this.at.set(shard.name, end);
      again(end, to);
    } else if (fate < 0.5) again(from, from + Math.ceil((to - from) / 2));
    else again(from, to);
  }

  /** Another mapping, that begins at this one's positions or before, as far back as the stream reaches. */
  createdAgain(now: number): ModelMapping {
    const again = new ModelMapping(this.random, this.stream, this.giveUp);
    const isFromTheBeginning = this.random.chance(0.4);
    for (const shard of this.stream.shards.values()) {
      const at = this.positionIn(shard);
      let from = isFromTheBeginning ? 0 : this.random.below(at + 1);
      while (from < at && shard.records[from]!.arrivedAt < now - streamRetentionMs) from++;
      again.at.set(shard.name, from);
    }
    return again;
  }
}
