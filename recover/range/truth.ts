import type { AggregationSettings } from '../../contract/aggregation-settings';
import type { AddressedItem } from '../../domain/counters/difference';
import { type DuplicateFilter, foldLines } from '../../domain/counters/fold';
import { mergedItem, partsOf } from '../../domain/counters/item';
import { retentionDaysOf } from '../../domain/counters/retention';
import { windowStart } from '../../domain/counters/window';
import { duplicateFilter } from '../../domain/duplicates/duplicate-filter';
import type { PlacedLine } from '../../domain/event/shard-lines';
import { uniquesFor } from '../../domain/visitors/uniques';
import type { ShardLog } from '../shard-log';
import type { RangePart } from './parts';

/** What the windows of a part of a range have to hold of one shard: its events counted anew, by compaction's own merge. */
export class Truth {
  /** By address. Each stands as long as its latest arrival says, were it counted now. */
  readonly items = new Map<string, AddressedItem>();
  /** Events that the log passed and did not count. */
  givenUp = 0;
  private readonly isDuplicate: DuplicateFilter | undefined;
  private readonly isReached: ShardLog['isCovered'];

  /** @param now epoch milliseconds */
  constructor(
    private readonly part: RangePart,
    private readonly log: ShardLog,
    private readonly settings: AggregationSettings,
    now: number,
  ) {
    const { deduplicationSeconds } = settings;
    this.isDuplicate = deduplicationSeconds > 0 ? duplicateFilter(deduplicationSeconds) : undefined;
    this.isReached = log.reach(now);
  }

  /** @param lines what comes next in the shard */
  add(lines: Iterable<PlacedLine>): void {
    for (const ofHour of byArrivalHour(lines)) this.addHour(ofHour);
  }

  /** @param lines of one hour, since what is folded together counts as having arrived with its last */
  private addHour(lines: Iterable<PlacedLine>): void {
    const { part, settings, isDuplicate } = this;
    const uniques = uniquesFor(settings.uniqueVisitors);
    const options = { retentionDays: retentionDaysOf(settings), now: 0 };
    const counted = foldLines(this.countedIn(lines), { ...settings, isDuplicate, uniques });
    for (const { content, last, arrivedAt } of counted) {
      const parts = partsOf(
        content,
        ({ size, start }) => part.sizes.includes(size) && start >= part.from && start < part.to,
      );
      for (const [id, one] of parts) {
        const item = mergedItem(this.items.get(id), [{ part: one, last, arrivedAt }], last, options);
        if (item) this.items.set(id, { ...one.address, ...item });
      }
    }
  }

  /** What the log says is counted, or does not tell of any more, and counts in the part. */
  private *countedIn(lines: Iterable<PlacedLine>): Generator<PlacedLine> {
    const { from, to, events } = this.part;
    for (const line of lines) {
      const { reading, arrivedAt } = line;
      const at = reading.ok ? reading.at : arrivedAt;
      if (!this.log.isCovered(line) && this.isReached(line)) {
        if (at >= from && at < to) this.givenUp++;
      } else if (at >= events.from && at < events.to) yield line;
      // Copies of it may count in the part.
      else if (reading.ok) this.isDuplicate?.({ hash: reading.hash('eventId')!, arrivedAt });
    }
  }
}

/** Cuts lines where the hour of arrival changes. Each piece is to be read to its end before the next is asked for. */
function* byArrivalHour(lines: Iterable<PlacedLine>): Generator<Iterable<PlacedLine>> {
  const iterator = lines[Symbol.iterator]();
  const hourOf = ({ arrivedAt }: PlacedLine): number => windowStart('hour', arrivedAt);
  let next = iterator.next();
  while (!next.done) {
    const hour = hourOf(next.value);
    yield (function* () {
      for (; !next.done && hourOf(next.value) === hour; next = iterator.next()) yield next.value;
    })();
  }
}
