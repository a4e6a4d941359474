import type { Place } from '../domain/counters/log-place';
import type { LogTable, ShardEntry, StoredDelta } from './log-table';

/**
 * The table as it is read by several followers at one moment: entries are read once, and what is new in a log is read once
 * for all who stand near each other in it. What is written after the first of them has read is for the next moment.
 *
 * Only for followers: whoever reads items has to see the log as it is behind them.
 */
export function sharedLog(table: LogTable): LogTable {
  let entries: Promise<ShardEntry[]> | undefined;
  const chains = new Map<string, Chain>();

  const readChain = async (shardKey: string, from: Place, signal?: AbortSignal): Promise<StoredDelta[]> => {
    const deltas: StoredDelta[] = [];
    for await (const delta of table.deltas(shardKey, from, signal)) deltas.push(delta);
    return deltas;
  };

  return {
    ...table,
    entries(signal) {
      entries ??= table.entries(signal);
      return entries;
    },
    async *deltas(shardKey, from, signal) {
      const chain = chains.get(shardKey) ?? { from, deltas: readChain(shardKey, from, signal) };
      chains.set(shardKey, chain);
      const deltas = await chain.deltas;
      const next = chain.from === from ? 0 : deltas.findIndex(({ predecessor }) => predecessor === from);
      if (next >= 0) yield* deltas.slice(next);
      // Whoever stands at its end has all of it; whoever stands before it reads what it lacks.
      else if (deltas.at(-1)?.last !== from) yield* table.deltas(shardKey, from, signal);
    },
  };
}

/** What is behind a place in a shard's log. */
interface Chain {
  readonly from: Place;
  readonly deltas: Promise<readonly StoredDelta[]>;
}
