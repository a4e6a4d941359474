import { setMaxListeners } from 'node:events';
import { createMemoryDynamo, type MemoryDynamo } from '../support/memory-dynamo';
import { callsThrough } from './calls';
import { type Connection, connect, type InvocationPlan, type Later } from './connection';
import type { FunctionEnvironment } from './environment';
import { startRecovery } from './recovery';
import { environments, type Schedule, type Step } from './schedule';
import type { ModelShard } from './stream';
import type { Subject } from './subjects';

/** Records of a shard by index, the end exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Played {
  readonly table: MemoryDynamo;
  /** The spans of each shard that the mapping gave up, in the order in which it did. */
  readonly givenUp: readonly (readonly Span[])[];
}

interface ShardProgress {
  /** Records that are done with: taken by the function, or given up. */
  done: number;
  /** Every value that `done` had: where a mapping that is restarted may go on. */
  readonly checkpoints: number[];
  /** What is left of a batch, in order; the first begins at `done`. */
  pending: Span[];
  readonly givenUp: Span[];
}

interface Environment {
  readonly connection: Connection;
  readonly run: FunctionEnvironment;
}

const faultless: InvocationPlan = { faults: [] };

/**
 * Plays a schedule as an event source mapping may: shards side by side, parents before their children, each shard
 * in its order, one batch at a time; what the function reports, its faults and its time-outs decide what comes back,
 * and how cut. Then the faults end, and the mapping goes on until it is done; and last, all that was given up is repaired,
 * if the schedule says so.
 */
export async function play(
  shards: readonly ModelShard[],
  { steps, lateComesLast, isRepaired }: Schedule,
  subject: Subject,
): Promise<Played> {
  const table = createMemoryDynamo({ itemsPerPage: 3 });
  const later: Later = [];
  const recovery = startRecovery(shards, table, later, subject);
  const progress = shards.map((): ShardProgress => ({ done: 0, checkpoints: [0], pending: [], givenUp: [] }));
  const coldStart = (): Environment => {
    const connection = connect(later);
    return { connection, run: subject.start(callsThrough(connection, table), subject.settings) };
  };
  const running = Array.from({ length: environments }, coldStart);

  const isDone = (index: number): boolean => progress[index]!.done === shards[index]!.records.length;
  /** The shard that the mapping can go on with in place of this one: a parent first, a neighbour if it is done. */
  const openShard = (wanted: number): number | undefined => {
    for (let i = 0; i < shards.length; i++) {
      const index = (wanted + i) % shards.length;
      const parent = shards[index]!.parents.find((candidate) => !isDone(candidate));
      if (parent !== undefined) return parent;
      if (!isDone(index)) return index;
    }
    return undefined;
  };

  const advance = (shard: ShardProgress, count: number): void => {
    const [{ from, to }] = shard.pending as [Span];
    shard.done = from + count;
    shard.pending.splice(0, 1, ...(shard.done < to ? [{ from: shard.done, to }] : []));
    shard.checkpoints.push(shard.done);
  };

  const batchOf = (index: number, length: number): ShardProgress => {
    const shard = progress[index]!;
    if (shard.pending.length === 0) {
      const to = Math.min(shard.done + length, shards[index]!.records.length);
      shard.pending.push({ from: shard.done, to });
    }
    return shard;
  };

  const invoke = async (step: Omit<Extract<Step, { kind: 'invoke' }>, 'kind'>): Promise<void> => {
    const index = openShard(step.shard);
    if (index === undefined) return;
    const shard = batchOf(index, step.length);
    const { from, to } = shard.pending[0]!;
    const batch = { shard: shards[index]!.name, records: shards[index]!.records.slice(from, to) };
    const { connection, run } = running[step.environment]!;
    const { signal, stopped } = connection.begin(step.plan);
    setMaxListeners(0, signal);
    const outcome = await Promise.race([run.deliver(batch, signal), stopped]);
    connection.end();
    if (!outcome) running[step.environment] = coldStart();

    if (!outcome || step.answerLost) {
      const middle = from + Math.floor((to - from) / 2);
      if (step.bisect && to - from > 1)
        shard.pending.splice(0, 1, { from, to: middle }, { from: middle, to });
      return;
    }
    const reported = batch.records.findIndex(
      ({ sequenceNumber }) => sequenceNumber === outcome.lowestUnfinished,
    );
    if (outcome.lowestUnfinished !== undefined && reported === -1) {
      throw new Error(`reported ${outcome.lowestUnfinished}, which the batch does not have`);
    }
    if (reported !== 0) advance(shard, reported === -1 ? to - from : reported);
  };

  const comeToPass = async (which: number): Promise<void> => {
    if (later.length > 0) await later.splice(which % later.length, 1)[0]!();
  };

  const take = async (step: Step): Promise<void> => {
    switch (step.kind) {
      case 'invoke':
        return invoke(step);
      case 'give-up': {
        const index = openShard(step.shard);
        if (index === undefined) return;
        const shard = batchOf(index, step.length);
        const { from, to } = shard.pending[0]!;
        const count = Math.min(step.count, to - from);
        shard.givenUp.push({ from, to: from + count });
        await recovery.giveUp(index, { from, to: from + count });
        return advance(shard, count);
      }
      case 'repair':
        return recovery.attempt(step.which, step.ahead, step.plan);
      case 'restart':
        for (const [index, shard] of progress.entries()) {
          shard.pending = [];
          shard.done = shard.checkpoints.at(-1 - (step.back[index]! % shard.checkpoints.length))!;
        }
        return;
      case 'cold-start':
        running[step.environment] = coldStart();
        return;
      case 'later':
        return comeToPass(step.which);
    }
  };

  for (const step of steps) await take(step);
  if (!lateComesLast) while (later.length > 0) await comeToPass(0);
  for (let invocations = 0; openShard(0) !== undefined; invocations++) {
    if (invocations > 200) throw new Error('the mapping does not come to its end, though nothing fails');
    const environment = invocations % environments;
    await invoke({ shard: 0, length: 5, environment, plan: faultless, answerLost: false, bisect: false });
  }
  while (later.length > 0) await comeToPass(0);
  if (isRepaired) await recovery.finish();
  return { table, givenUp: progress.map(({ givenUp }) => givenUp) };
}
