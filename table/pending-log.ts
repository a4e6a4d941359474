import { logBegin, type Place } from '../domain/counters/log-place';
import type { LogTable, ShardEntry, StoredDelta } from './log-table';

/** A shard's log lacks a delta, so the deltas behind the gap cannot be counted. */
export class LogGapError extends Error {
  override readonly name = 'LogGapError';

  constructor(
    readonly shardKey: string,
    readonly behind: Place,
    found: Place,
  ) {
    super(
      `log of ${shardKey}: the delta behind ${behind} is missing, the next one stands behind ${found}. ` +
        'docs/operations.md, "A gap in the log", says what to do',
    );
  }
}

/**
 * The deltas of a shard behind a place, read page by page as they are needed.
 *
 * @throws LogGapError if they are not a chain from there on
 */
export async function* pendingDeltas(
  table: LogTable,
  shardKey: string,
  from: Place,
  signal?: AbortSignal,
): AsyncGenerator<StoredDelta> {
  let at = from;
  for await (const delta of table.deltas(shardKey, from, signal)) {
    if (delta.predecessor !== at) throw new LogGapError(shardKey, at, delta.predecessor);
    yield delta;
    at = delta.last;
  }
}

/**
 * All of them.
 *
 * @throws LogGapError if they are not a chain from there on
 */
export async function readPending(
  table: LogTable,
  shardKey: string,
  from: Place,
  signal?: AbortSignal,
): Promise<StoredDelta[]> {
  const deltas: StoredDelta[] = [];
  for await (const delta of pendingDeltas(table, shardKey, from, signal)) deltas.push(delta);
  return deltas;
}

/** Where a shard's log ends that is known from a place on. */
export function endOf(from: Place, deltas: readonly StoredDelta[]): Place {
  return deltas.at(-1)?.last ?? from;
}

/** Up to where a shard is compacted; the log's beginning for a shard without an entry. */
export function compactedTo(entry: ShardEntry | undefined): Place {
  return entry?.compactedTo ?? logBegin;
}
