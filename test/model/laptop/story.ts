import type { Random } from '../../../domain/numbers/random';
import type { EventSourceMappingSpec } from '../../../local/deployment';
import { modelStart } from '../deployment/events';
import type { ModelShard, ModelStream, PlannedRecord } from '../deployment/stream';
import { callFaults, type InvocationPlan } from './connection';

/** What a pipeline on a laptop goes through. */
export interface LaptopStory {
  readonly mapping: Partial<EventSourceMappingSpec>;
  /** Of the invocations, one after the other; those that come after are without faults. */
  readonly plans: readonly (InvocationPlan & { readonly answerLost: boolean })[];
  readonly days: readonly {
    /** Records that reach each open shard first. */
    readonly puts: number;
    readonly waitMs: number;
    /** Calls of the mapping after which its process dies; it is started again the next day. */
    readonly diesAfter: number | undefined;
    /** Late calls, and frozen functions, that come to pass. */
    readonly late: number;
  }[];
}

const mostRecords = 7;

/** A plan of how an invocation goes. */
function planOf(random: Random): InvocationPlan {
  // A batch makes a handful of calls, and more when it is cut or refused.
  const at = (): number => random.below(12);
  const fate = random.float();
  if (fate < 0.3) return { faults: [] };
  if (fate < 0.7) {
    const faults = Array.from({ length: 1 + random.below(4) }, () => ({
      at: at(),
      kind: random.pick(callFaults),
    }));
    return { faults };
  }
  return { faults: [], end: { at: at(), kind: random.pick(['dies', 'dies-late', 'freezes'] as const) } };
}

/** @param givesUp whether the mapping may give up on records */
export function storyOf(random: Random, givesUp: boolean): LaptopStory {
  return {
    mapping: {
      batchSize: 1 + random.below(5),
      maximumBatchingWindowSeconds: random.pick([0, 2]),
      bisectBatchOnFunctionError: random.chance(0.5),
      maximumRetryAttempts: givesUp ? random.pick([-1, 0, 1, 3]) : -1,
      maximumRecordAgeSeconds: givesUp ? random.pick([-1, 60]) : -1,
    },
    plans: Array.from({ length: 2 + random.below(11) }, () => ({
      ...planOf(random),
      answerLost: random.chance(0.2),
    })),
    days: Array.from({ length: 2 + random.below(8) }, () => ({
      puts: random.below(mostRecords + 1),
      waitMs: random.pick([10, 1_000, 5_000, 30_000, 100_000]),
      diesAfter: random.chance(0.7) ? 1 + random.below(random.pick([12, 40])) : undefined,
      late: random.below(3),
    })),
  };
}

/** A shard of the story, and the records that will reach it. */
export interface PlannedShard {
  readonly shard: ModelShard;
  readonly records: readonly PlannedRecord[];
}

/** One to three shards, of which the last may have come from the others. */
export function planShards(model: ModelStream, random: Random): PlannedShard[] {
  const planned: PlannedShard[] = [];
  const planOpen = (): void => {
    for (const shard of model.open()) {
      let now = modelStart;
      const records = Array.from({ length: random.below(mostRecords + 1) }, () => {
        now += random.pick([0, 400, 1_500, 10_000, 20_000, 50_000, 70_000]);
        return model.plan(shard, now);
      });
      planned.push({ shard, records });
    }
  };
  planOpen();
  if (random.chance(0.5)) {
    model.reshard();
    for (const { shard } of planned) if (!shard.isClosed) shard.isClosed = true;
    planOpen();
  }
  return planned;
}
