import type { AggregationSettings } from '../../cli/aggregation-settings';
import { type CounterKey, itemId } from '../../domain/counter-item';
import { type DuplicateFilter, foldLines } from '../../domain/fold';
import type { ShardBatch } from '../../lambda/aggregator/kinesis-event';
import { linesOfRecords, type ShardLine } from '../history/shard-line';
import type { ObjectStore } from '../objects/object-store';
import type { Counted } from '../table/items-table';
import { type EventsByValue, valuesBeyond } from './change';
import { addUnrepaired, GivenUpEvents } from './given-up-events';

/** An item as it is, and as it was recomputed. */
export interface ComparedItem {
  readonly key: CounterKey;
  readonly held: Counted;
  readonly wanted: Counted | undefined;
}

export interface TooMuchPorts {
  readonly settings: AggregationSettings;
  readonly onFailure: ObjectStore;
}

export interface TooMuch {
  readonly key: CounterKey;
  /** What it counts that nothing explains, in words. */
  readonly values: readonly string[];
}

/**
 * Finds the items that count what nothing explains, and that a repair must therefore not write.
 *
 * @param lines all that the shard held from before the first event that one of the items counts to behind the last
 */
export type FindTooMuch = (
  items: readonly ComparedItem[],
  lines: readonly ShardLine[],
) => Promise<readonly TooMuch[]>;

/**
 * What explains that an item counts more than it was recomputed to are copies of given-up events, which the aggregator
 * takes for new: of this batch, and of all others of its shard that are not repaired yet. Those are read if it comes to
 * that, and then once.
 */
export function findTooMuch(batch: ShardBatch, { settings, onFailure }: TooMuchPorts): FindTooMuch {
  const { shard } = batch;
  const ownEvents = (): GivenUpEvents => {
    const events = new GivenUpEvents(settings.deduplicationSeconds);
    events.add(linesOfRecords(batch.records));
    return events;
  };
  const allEvents = async (): Promise<GivenUpEvents> => {
    const events = ownEvents();
    await addUnrepaired(events, shard, onFailure);
    return events;
  };
  let all: Promise<GivenUpEvents> | undefined;

  return async (items, lines) => {
    const wrong = itemsBeyond(items, new Map());
    if (wrong.length === 0 || settings.deduplicationSeconds === 0) return wrong;
    if (itemsBeyond(items, extraCounts(shard, lines, ownEvents())).length === 0) return [];
    all ??= allEvents();
    return itemsBeyond(items, extraCounts(shard, lines, await all));
  };
}

function itemsBeyond(
  items: readonly ComparedItem[],
  extra: ReadonlyMap<string, EventsByValue>,
): readonly TooMuch[] {
  return items
    .map(({ key, held, wanted }) => ({ key, values: valuesBeyond(held, wanted, extra.get(itemId(key))) }))
    .filter(({ values }) => values.length > 0);
}

/**
 * How many events more than there are items may count, by item's id and value, since copies of given-up events may have
 * been taken for new in some deliveries and not in others.
 *
 * Events of a record that count alike are one group at the place of the first of them. Whenever a copy ahead of the
 * others is no longer taken for new, the group stands further back, and the rest of it counts once more: of n events
 * with c copies among them n, then n - 1, and so on c times.
 */
export function extraCounts(
  shard: string,
  lines: readonly ShardLine[],
  givenUp: GivenUpEvents,
): ReadonlyMap<string, EventsByValue> {
  const copies = lines.filter((line) => givenUp.precede(line));
  const records = new Set(copies.map(({ sequenceNumber }) => sequenceNumber));
  const around = lines.filter(({ reading, sequenceNumber }) => reading.ok && records.has(sequenceNumber));
  const extra = new Map<string, Map<string, number>>();
  const filters: readonly DuplicateFilter[] = [() => false, () => true];
  for (const isDuplicate of filters) {
    const alike = new Map<string, number>();
    for (const { key, entries } of foldLines(shard, around, isDuplicate).runs)
      for (const { sequenceNumber, value, count } of entries)
        alike.set(groupId(key, sequenceNumber, value), count);
    for (const { key, entries } of foldLines(shard, copies, isDuplicate).runs) {
      const id = itemId(key);
      const byValue = extra.get(id) ?? new Map<string, number>();
      extra.set(id, byValue);
      for (const { sequenceNumber, value, count: c } of entries) {
        const n = alike.get(groupId(key, sequenceNumber, value))!;
        byValue.set(value, (byValue.get(value) ?? 0) + c * n - (c * (c - 1)) / 2);
      }
    }
  }
  return extra;
}

function groupId(key: CounterKey, sequenceNumber: string, value: string): string {
  return `${itemId(key)} ${sequenceNumber} ${value}`;
}
