import type { DuplicateFilter } from '../../domain/counters/fold';
import { sliceMs, slicesBackwards, slicesPerHorizon } from '../../domain/duplicates/duplicate-filter';
import { inSlicesOf } from '../../domain/duplicates/ids-body';
import type { PlacedLine } from '../../domain/event/shard-lines';
import type { Hash64 } from '../../domain/numbers/hash64';
import type { LogTable } from '../../table/log-table';
import type { LogDelta } from '../shard-log';

/** Deltas whose ids are in memory at once. */
const deltasAtOnce = 25;

/** Ids that the log names are not in the table: nobody can tell duplicates by it. */
export class LostIdsError extends Error {
  override readonly name = 'LostIdsError';
}

/**
 * The ids in a shard's log that are those of a given-up batch, each with every slice of time in which it was seen, before
 * the batch and behind it.
 */
export class NearbyIds {
  private readonly slicesOf = new Map<string, number[]>();
  private readonly read = new Set<string>();
  private readonly slice: number;

  /** @param lines of the batch */
  constructor(lines: readonly PlacedLine[], deduplicationSeconds: number) {
    this.slice = sliceMs(deduplicationSeconds);
    for (const { reading } of lines) {
      if (reading.ok) this.slicesOf.set(idOf(reading.hash('eventId')!), []);
    }
  }

  /**
   * Reads the ids of deltas that were not read before.
   *
   * @param gap events of the batch that are to be decided about: ids near the others may have expired with their deltas
   * @throws LostIdsError if ids are missing
   */
  async learn(
    gap: Iterable<PlacedLine>,
    deltas: readonly LogDelta[],
    shardKey: string,
    table: LogTable,
  ): Promise<void> {
    const { earliest, latest } = arrivalsOf(gap);
    const unread = this.nearIn(deltas, earliest, latest).filter(({ idsToken }) => !this.read.has(idsToken!));
    for (let begin = 0; begin < unread.length; begin += deltasAtOnce) {
      const some = unread.slice(begin, begin + deltasAtOnce);
      const found = await table.idsOf(shardKey, some);
      if (found.length < some.length) {
        throw new LostIdsError(`of ${some.length} deltas, ${some.length - found.length} have lost their ids`);
      }
      for (const seen of found) {
        for (const [at, hashes] of inSlicesOf(seen, this.slice).bySlice) {
          for (const hash of hashes) this.slicesOf.get(idOf(hash))?.push(at);
        }
      }
      for (const { idsToken } of some) this.read.add(idsToken!);
    }
  }

  /** Deltas that may hold an event within a horizon of the gap. */
  private nearIn(deltas: readonly LogDelta[], earliest: number, latest: number): LogDelta[] {
    const reach = (slicesPerHorizon + slicesBackwards + 1) * this.slice;
    let before = Number.NEGATIVE_INFINITY;
    return deltas.filter(({ kind, arrivedAt, idsToken }) => {
      // What stands behind a live delta arrived no earlier than it, but for a slice. Repairs hold events of any time.
      const isLater = kind === 'live' && before > latest + reach;
      if (kind === 'live') before = arrivedAt;
      return idsToken !== undefined && !isLater && arrivedAt >= earliest - reach;
    });
  }

  /** Decides about events of the batch in their order, by what was learned and by the events before them. */
  decide(): DuplicateFilter {
    const own = new Map<string, number[]>();
    return ({ hash, arrivedAt }) => {
      const id = idOf(hash);
      const at = Math.floor(arrivedAt / this.slice);
      const ofOwn = own.get(id) ?? [];
      own.set(id, ofOwn);
      const isNear = (one: number): boolean => Math.abs(at - one) <= slicesPerHorizon;
      const isDuplicate = (this.slicesOf.get(id) ?? []).some(isNear) || ofOwn.some(isNear);
      ofOwn.push(at);
      return isDuplicate;
    };
  }
}

function arrivalsOf(gap: Iterable<PlacedLine>): { readonly earliest: number; readonly latest: number } {
  let [earliest, latest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { arrivedAt } of gap) {
    earliest = Math.min(earliest, arrivedAt);
    latest = Math.max(latest, arrivedAt);
  }
  return { earliest, latest };
}

function idOf({ high, low }: Hash64): string {
  return `${high} ${low}`;
}
