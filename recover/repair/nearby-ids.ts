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
  private earliest = Number.POSITIVE_INFINITY;
  private latest = Number.NEGATIVE_INFINITY;

  /** @param lines of the batch */
  constructor(lines: readonly PlacedLine[], deduplicationSeconds: number) {
    this.slice = sliceMs(deduplicationSeconds);
    for (const { reading, arrivedAt } of lines) {
      if (reading.ok) this.slicesOf.set(idOf(reading.hash('eventId')!), []);
      this.earliest = Math.min(this.earliest, arrivedAt);
      this.latest = Math.max(this.latest, arrivedAt);
    }
  }

  /**
   * Reads the ids of deltas that were not read before.
   *
   * @throws LostIdsError if ids are missing
   */
  async learn(deltas: readonly LogDelta[], shardKey: string, table: LogTable): Promise<void> {
    const unread = this.nearIn(deltas).filter(({ idsToken }) => !this.read.has(idsToken!));
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

  /** Deltas that may hold an event within a horizon of the batch. */
  private nearIn(deltas: readonly LogDelta[]): LogDelta[] {
    const reach = (slicesPerHorizon + slicesBackwards + 1) * this.slice;
    let before = Number.NEGATIVE_INFINITY;
    return deltas.filter(({ kind, arrivedAt, idsToken }) => {
      // What stands behind a live delta arrived no earlier than it, but for a slice. Repairs hold events of any time.
      const isLater = kind === 'live' && before > this.latest + reach;
      if (kind === 'live') before = arrivedAt;
      return idsToken !== undefined && !isLater && arrivedAt >= this.earliest - reach;
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

function idOf({ high, low }: Hash64): string {
  return `${high} ${low}`;
}
