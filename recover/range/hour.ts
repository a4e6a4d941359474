import type { AggregationSettings } from '../../cli/aggregation-settings';
import { maxFutureMs } from '../../domain/click-event';
import { forEachConcurrently } from '../../domain/concurrency';
import { type CounterKey, itemId, partitionKey, readSortKey } from '../../domain/counter-item';
import { dimensions } from '../../domain/dimensions';
import { duplicateFilter } from '../../domain/duplicates';
import type { Position } from '../../domain/position';
import { formatWindow, type WindowSize, windowMs, windowSizes, windowStart } from '../../domain/window';
import { type History, type HistoryPorts, type Place, readHistory } from '../history/history';
import { sequenceNumberOf } from '../history/shard-line';
import { type RecomputedItem, recompute } from '../recompute';
import { retentionMs } from '../repair/change';
import type { HeldItem, ItemsTable } from '../table/items-table';
import { readProgress, type ShardProgress } from './progress';

/** Windows that start in an interval of epoch milliseconds, its end not included. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface RangePorts extends HistoryPorts {
  readonly table: ItemsTable;
  readonly settings: AggregationSettings;
}

/** An item of the table, as it is and as it must be. */
export interface InspectedItem {
  readonly key: CounterKey;
  readonly window: WindowSize;
  readonly shardId: string;
  readonly held: HeldItem | undefined;
  /** Undefined if nothing counts in it. */
  readonly wanted: RecomputedItem | undefined;
}

export interface InspectedHour {
  readonly items: readonly InspectedItem[];
  readonly history: History;
  /** Items of shards of earlier streams, of which the archive does not say which is which. */
  readonly ofOtherStreams: number;
}

const concurrentQueries = 32;

/** The range, cut at whole hours. */
export function* hoursOf({ from, to }: Range): Generator<Range> {
  for (let start = from; start < to; ) {
    const end = Math.min(windowStart('hour', start) + windowMs.hour, to);
    yield { from: start, to: end };
    start = end;
  }
}

/**
 * Reads every item of the windows that start in a part of an hour, and recomputes each up to where the aggregator is.
 *
 * @param part within one hour
 */
export async function inspectHour(part: Range, ports: RangePorts): Promise<InspectedHour> {
  const { settings, stream, now } = ports;
  const progress = await readProgress(ports.table, windowStart('hour', part.from));
  const all = await queryItems(part, ports.table);
  const ownPrefix = `${stream.name}/`;
  const own = all.filter(({ key }) => readSortKey(key).shard.startsWith(ownPrefix));
  const held = new Map(own.map((item) => [itemId(item.key), item]));
  const hourEnd = windowStart('hour', part.from) + windowMs.hour;
  const horizonMs = settings.deduplicationSeconds * 1_500;
  const history = await readHistory(
    {
      shardIds: undefined,
      arrivals: {
        from: windowStart('hour', part.from) - maxFutureMs - horizonMs,
        // Events that came in time are in, whether the table has them or not.
        to: Math.max(
          Math.min(now(), hourEnd + windowMs.hour),
          ...own.map((item) => arrivalOf(item, settings)),
        ),
      },
      through: placesOf(own, progress, hourEnd + 2 * windowMs.hour > now(), settings, ownPrefix),
      known: new Map(),
    },
    ports,
  );
  const items: InspectedItem[] = [];
  const shardIds = new Set([
    ...history.shardIds,
    ...own.map(({ key }) => readSortKey(key).shard.slice(ownPrefix.length)),
  ]);
  for (const shardId of shardIds) {
    const shard = ownPrefix + shardId;
    const known = own.filter(({ key }) => readSortKey(key).shard === shard);
    const reached =
      highest([progress.get(shard), ...known].map((item) => item?.position)) ??
      lastArchived(history, shardId);
    const wanted = recompute(
      shard,
      history.lines(shardId),
      (key) => {
        if (!isIn(part, key)) return undefined;
        return reached;
      },
      duplicateFilter(settings.deduplicationSeconds),
    );
    const ids = new Set([...wanted.keys(), ...known.map(({ key }) => itemId(key))]);
    for (const id of ids) {
      const [item, must] = [held.get(id), wanted.get(id)];
      const { key } = (must ?? item)!;
      items.push({ key, window: readSortKey(key).window as WindowSize, shardId, held: item, wanted: must });
    }
  }
  return { items, history, ofOtherStreams: all.length - own.length };
}

function highest(positions: readonly (Position | undefined)[]): Position | undefined {
  return positions.reduce((a, b) => (a === undefined || (b !== undefined && b > a) ? b : a), undefined);
}

/** Of a shard of which the table knows nothing; behind it the archive may have gaps. */
function lastArchived({ lines, watermark }: History, shardId: string): Position | undefined {
  return lines(shardId).findLast(({ sequenceNumber, arrivedAt }) =>
    watermark.covers(shardId, sequenceNumber, arrivedAt),
  )?.position;
}

function isIn({ from, to }: Range, key: CounterKey): boolean {
  const { start } = readSortKey(key);
  return start >= bound(from) && start < bound(to);
}

/** Windows start at whole seconds, so a bound between two of them is as good as the later one. */
function bound(instant: number): string {
  return formatWindow(Math.ceil(instant / 1000) * 1000);
}

async function queryItems({ from, to }: Range, table: ItemsTable): Promise<HeldItem[]> {
  const partitions = dimensions.flatMap(({ name, buckets }) =>
    Array.from({ length: buckets }, (_, bucket) => partitionKey(name, bucket)),
  );
  const queries = partitions.flatMap((pk) => windowSizes.map((window) => ({ pk, window })));
  const items: HeldItem[] = [];
  await forEachConcurrently(queries, concurrentQueries, async ({ pk, window }) => {
    // A sort key goes on after its window, so it is above the bare window: `from` is in, `to` is out.
    items.push(...(await table.query(pk, `${window}#${bound(from)}`, `${window}#${bound(to)}`)));
  });
  return items;
}

/** When the last event that an item counts arrived, or a little later: its time to live is in whole seconds. */
function arrivalOf({ key, expiresAt }: HeldItem, settings: AggregationSettings): number {
  return expiresAt * 1000 - retentionMs(readSortKey(key).window as WindowSize, settings) + 1_000;
}

/** Up to where each shard has to be known: what its items count; in recent hours, all that the aggregator counts. */
function placesOf(
  items: readonly HeldItem[],
  progress: ShardProgress,
  isRecent: boolean,
  settings: AggregationSettings,
  ownPrefix: string,
): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const add = (shard: string, position: string, arrivedAt: number): void => {
    if (!shard.startsWith(ownPrefix)) return;
    const shardId = shard.slice(ownPrefix.length);
    const known = places.get(shardId);
    if (known && known.position >= position) return;
    places.set(shardId, { position, sequenceNumber: sequenceNumberOf(position), arrivedAt });
  };
  for (const item of items) add(readSortKey(item.key).shard, item.position, arrivalOf(item, settings));
  if (isRecent) {
    for (const [shard, { position, expiresAt }] of progress) {
      add(shard, position, expiresAt * 1000 - retentionMs('hour', settings) + 1_000);
    }
  }
  return places;
}
