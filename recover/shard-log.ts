import type { Span } from '../domain/counters/delta';
import { furtherOf, logBegin, type Place } from '../domain/counters/log-place';
import { sliceMs } from '../domain/duplicates/duplicate-filter';
import { slicesKnown } from '../table/append';
import type { LogTable, ShardEntry, StoredDelta } from '../table/log-table';

/** A delta without what it says: a command looks at many of them. */
export type LogDelta = Pick<
  StoredDelta,
  'kind' | 'predecessor' | 'last' | 'covers' | 'arrivedAt' | 'expiresAt' | 'idsToken'
>;

/** An event as far as the log says what became of it. */
export interface LoggedEvent {
  readonly position: Place;
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
}

/** A command that has read a log longer ago than this stops, and begins anew. */
export const logAgeMs = 30 * 60_000;

/**
 * How much longer the log has to tell what became of an event, if a repair is to decide about it. A rebuild takes on what
 * the log does not tell any more: so no event is taken on by both.
 */
export const repairMarginMs = 86_400_000;

/** By how much arrivals may run backwards in a shard, at the most: they are approximate. */
export const arrivalSlackMs = 60_000;

/** A shard's log, as far back as was asked for. */
export class ShardLog {
  private readonly spans: readonly Span[];

  /** @param deltas in the order of the log, without those behind the tail */
  constructor(
    readonly tail: Place,
    readonly deltas: readonly LogDelta[],
    private readonly deduplicationSeconds: number,
  ) {
    this.spans = deltas.flatMap(({ covers }) => covers).sort((a, b) => (a.first < b.first ? -1 : 1));
  }

  /** Whether an event is in a delta. */
  readonly isCovered = ({ position }: LoggedEvent): boolean => {
    const next = firstIndex(this.spans, ({ first }) => first > position);
    return next > 0 && position <= this.spans[next - 1]!.last;
  };

  /**
   * Whether the log tells of an event what became of it, and will up to an instant: it is unbroken from the tail back past
   * the event, and on to where no copy of it can stand, or to the beginning.
   *
   * @param until epoch milliseconds; deltas that expire by then count as gone
   */
  reach(until: number): (event: LoggedEvent) => boolean {
    const { deltas } = this;
    let base = this.tail;
    let begin = deltas.length;
    for (; begin > 0; begin--) {
      const { last, predecessor, expiresAt } = deltas[begin - 1]!;
      if (last !== base || expiresAt * 1000 <= until) break;
      base = predecessor;
    }
    const live = deltas.slice(begin).filter(({ kind }) => kind === 'live');
    let earliest = Number.POSITIVE_INFINITY;
    const earliestUpTo = live.map(({ arrivedAt }) => {
      earliest = Math.min(earliest, arrivedAt);
      return earliest;
    });
    const copiesMs = slicesKnown * sliceMs(this.deduplicationSeconds);
    return ({ position, arrivedAt }) => {
      if (position <= base) return false;
      if (base === logBegin || copiesMs === 0) return true;
      const before = firstIndex(live, ({ last }) => last >= position);
      return before > 0 && earliestUpTo[before - 1]! < arrivedAt - copiesMs;
    };
  }
}

/** Where a list in order first has what is looked for; its length if it has none. */
function firstIndex<T>(list: readonly T[], isBehind: (element: T) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBehind(list[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Reads logs of shards, each once as far back as is needed, and from then on only what is new. */
export class LogReader {
  private readonly known = new Map<string, LogDelta[]>();

  constructor(
    private readonly table: LogTable,
    private readonly deduplicationSeconds: number,
  ) {}

  /**
   * Reads a shard's log from its tail back to where it says all about the events that arrived from an instant on.
   *
   * @param entry read before
   * @param arrivedFrom of the same shard no earlier than in the first call
   */
  async read(
    shardKey: string,
    entry: Pick<ShardEntry, 'compactedTo'> | undefined,
    arrivedFrom: number,
  ): Promise<ShardLog> {
    const known = this.known.get(shardKey) ?? [];
    const deltas = known.length > 0 ? [...known] : await this.readBack(shardKey, arrivedFrom);
    const at = known.at(-1)?.last;
    if (at !== undefined) {
      for await (const delta of this.table.deltas(shardKey, at)) deltas.push(withoutContent(delta));
    }
    this.known.set(shardKey, deltas);
    const tail = furtherOf(entry?.compactedTo ?? logBegin, deltas.at(-1)?.last ?? logBegin);
    return new ShardLog(tail, deltas, this.deduplicationSeconds);
  }

  private async readBack(shardKey: string, arrivedFrom: number): Promise<LogDelta[]> {
    const until = arrivedFrom - Math.max(slicesKnown * sliceMs(this.deduplicationSeconds), arrivalSlackMs);
    const deltas: LogDelta[] = [];
    for await (const delta of this.table.deltasBackwards(shardKey)) {
      deltas.push(withoutContent(delta));
      if (delta.kind === 'live' && delta.arrivedAt < until) break;
    }
    return deltas.reverse();
  }
}

function withoutContent(delta: StoredDelta): LogDelta {
  const { kind, predecessor, last, covers, arrivedAt, expiresAt, idsToken } = delta;
  return { kind, predecessor, last, covers, arrivedAt, expiresAt, idsToken };
}

/** Of a shard key, `stream/shardId`. */
export function shardIdOf(shardKey: string): string {
  return shardKey.slice(shardKey.indexOf('/') + 1);
}
