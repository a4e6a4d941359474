import type { AggregationSettings } from '../../cli/aggregation-settings';
import { maxFutureMs } from '../../domain/click-event';
import type { CounterKey } from '../../domain/counter-item';
import { duplicateFilter } from '../../domain/duplicates';
import { eventIndex, type Position, positionOf } from '../../domain/position';
import { readStreamRecord } from '../../domain/record';
import type { ShardBatch } from '../../lambda/aggregator/kinesis-event';
import { forEachConcurrently } from '../concurrency';
import { arrivalSlackMs, type History, type HistoryPorts, type Place, readHistory } from '../history/history';
import { type ShardLine, shardLine } from '../history/shard-line';
import { recompute } from '../recompute';
import type { HeldItem, ItemsTable } from '../table/items-table';
import { type Change, changeOf, retentionMs, valuesBeyond } from './change';
import { type TouchedItem, touchedItems } from './touched';

export interface RepairPorts extends HistoryPorts {
  readonly table: ItemsTable;
  readonly settings: AggregationSettings;
}

/** What has to be done for the windows of a given-up batch to be right. */
export type RepairPlan =
  /** The archive does not hold the batch yet. */
  | { readonly kind: 'behind'; readonly reason: string }
  /** Something does not fit together: nothing may be changed. */
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }
  | {
      readonly kind: 'planned';
      readonly items: readonly PlannedItem[];
      readonly read: Pick<History, 'objectsRead' | 'linesFromStream'>;
    };

export interface PlannedItem {
  readonly key: CounterKey;
  /** Where the item stood when it was read. */
  readonly held: Position | undefined;
  readonly change: Change;
}

const concurrentReads = 32;

/** Beyond each line that a record can have. */
const lastIndex = Number.MAX_SAFE_INTEGER;

/**
 * Recomputes each item that a given-up batch touches, from all that its shard held up to where the item stands, or to
 * the end of the batch. Everything up to there was handed to the aggregator or given up, so a live writer's next write
 * goes on behind it.
 */
export async function planRepair(batch: ShardBatch, ports: RepairPorts): Promise<RepairPlan> {
  const [streamName, shardId = ''] = batch.shard.split('/');
  if (streamName !== ports.stream.name) {
    return refused(`the batch is of stream ${streamName}, and the pipeline's is ${ports.stream.name}`);
  }
  const lines = linesOf(batch);
  const horizonSeconds = ports.settings.deduplicationSeconds;
  let touched = touchedItems(batch.shard, lines, horizonSeconds > 0);
  let toNow = false;
  for (;;) {
    const held = await readItems(touched, ports.table);
    const through = farthest(batch, [...held.values()], touched, ports.settings);
    const history = await readHistory(
      {
        shardIds: new Set([shardId]),
        arrivals: {
          from: earliestWindow(touched) - maxFutureMs - horizonSeconds * 1_500,
          to: toNow ? ports.now() : through.arrivedAt + arrivalSlackMs,
        },
        through: new Map([[shardId, through]]),
        known: new Map([[shardId, batch.records]]),
      },
      ports,
    );
    const missing = missingOf(batch, lines, shardId, history);
    if (missing) return missing;

    const copies = laterCopies(lines, history.lines(shardId), horizonSeconds);
    const touchedByCopies = touchedItems(batch.shard, copies, true);
    const all = new Map([...touchedByCopies, ...touched]);
    if (all.size > touched.size) {
      touched = all;
      continue;
    }
    const strangers = [...held.values()].filter(({ position }) => !history.has(shardId, position));
    // The end was reckoned by the items' time to live, whose setting may have changed meanwhile.
    if (strangers.length > 0 && !toNow) {
      toNow = true;
      continue;
    }
    if (strangers.length > 0) {
      return refused(...strangers.map(({ key }) => `the last event that ${name(key)} counted is nowhere`));
    }
    return planItems(batch, touched, touchedByCopies, held, history, ports);
  }
}

function refused(...reasons: string[]): RepairPlan {
  return { kind: 'refused', reasons };
}

function name({ pk, sk }: CounterKey): string {
  return `item ${pk} ${sk}`;
}

function linesOf({ records }: ShardBatch): ShardLine[] {
  return records.flatMap(({ sequenceNumber, data, arrivedAt }) =>
    readStreamRecord(data, arrivedAt).flatMap((readings, subsequence) =>
      readings.map((reading, line) =>
        shardLine({ sequenceNumber, index: eventIndex(subsequence, line), arrivedAt }, reading),
      ),
    ),
  );
}

async function readItems(
  touched: ReadonlyMap<string, TouchedItem>,
  table: ItemsTable,
): Promise<ReadonlyMap<string, HeldItem>> {
  const held = new Map<string, HeldItem>();
  await forEachConcurrently([...touched], concurrentReads, async ([id, { key }]) => {
    const item = await table.read(key);
    if (item) held.set(id, item);
  });
  return held;
}

/** The place up to which the shard has to be known. */
function farthest(
  { records }: ShardBatch,
  held: readonly HeldItem[],
  touched: ReadonlyMap<string, TouchedItem>,
  settings: AggregationSettings,
): Place {
  const last = records.at(-1)!;
  const places: Place[] = [
    {
      position: positionOf(last.sequenceNumber, lastIndex),
      sequenceNumber: last.sequenceNumber,
      arrivedAt: Math.max(...records.map(({ arrivedAt }) => arrivedAt)),
    },
    ...held.map(({ key, position, expiresAt }) => {
      const { window } = touched.get(`${key.pk} ${key.sk}`)!;
      // The time to live is in whole seconds.
      const arrivedAt = expiresAt * 1000 - retentionMs(window, settings) + 1_000;
      return { position, sequenceNumber: position.split(':')[1] ?? '', arrivedAt };
    }),
  ];
  const highest = places.reduce((a, b) => (a.position >= b.position ? a : b));
  return { ...highest, arrivedAt: Math.max(...places.map(({ arrivedAt }) => arrivedAt)) };
}

function earliestWindow(touched: ReadonlyMap<string, TouchedItem>): number {
  return Math.min(...[...touched.values()].map(({ key }) => Date.parse(key.sk.split('#')[1] ?? '')));
}

/** Why the batch itself is not archived, if it is not. */
function missingOf(
  { records }: ShardBatch,
  lines: readonly ShardLine[],
  shardId: string,
  history: History,
): RepairPlan | undefined {
  const last = records.at(-1)!;
  const missing = lines.filter(({ position }) => !history.has(shardId, position)).length;
  const { watermark } = history;
  if (!watermark.covers(shardId, last.sequenceNumber, last.arrivedAt)) {
    const reason = `the archive has not caught up with the batch, which ends at ${last.sequenceNumber}: ${watermark.describe(shardId)}`;
    return { kind: 'behind', reason };
  }
  if (missing === 0) return undefined;
  return refused(
    `${missing} of the batch's ${lines.length} lines are neither in the archive nor under the error prefix, though ${watermark.describe(shardId)}`,
  );
}

/** Events behind the batch that are duplicates because of it, and may have been counted as if they were none. */
function laterCopies(
  batch: readonly ShardLine[],
  lines: readonly ShardLine[],
  horizonSeconds: number,
): ShardLine[] {
  if (horizonSeconds === 0) return [];
  const ids = new Set(batch.flatMap(({ reading }) => (reading.ok ? [reading.event.eventId] : [])));
  const own = new Set(batch.map(({ position }) => position));
  const first = batch[0]!.position;
  return lines.filter(
    ({ position, reading }) =>
      position > first && !own.has(position) && reading.ok && ids.has(reading.event.eventId),
  );
}

function planItems(
  { shard, records }: ShardBatch,
  touched: ReadonlyMap<string, TouchedItem>,
  touchedByCopies: ReadonlyMap<string, TouchedItem>,
  held: ReadonlyMap<string, HeldItem>,
  history: History,
  { settings, now }: RepairPorts,
): RepairPlan {
  const shardId = shard.split('/')[1]!;
  const end = positionOf(records.at(-1)!.sequenceNumber, lastIndex);
  const wanted = recompute(
    shard,
    history.lines(shardId),
    ({ pk, sk }) => {
      const id = `${pk} ${sk}`;
      if (!touched.has(id)) return undefined;
      const position = held.get(id)?.position;
      return position !== undefined && position > end ? position : end;
    },
    duplicateFilter(settings.deduplicationSeconds),
  );
  const items: PlannedItem[] = [];
  const reasons: string[] = [];
  for (const [id, { key }] of touched) {
    const item = held.get(id);
    const lost = item && !touchedByCopies.has(id) ? valuesBeyond(item, wanted.get(id)) : [];
    if (lost.length > 0) {
      reasons.push(
        `${name(key)} counts more than archive and error prefix hold: ${lost.slice(0, 3).join(', ')}`,
      );
    }
    const change = changeOf(item, wanted.get(id), settings, now());
    items.push({ key, held: item?.position, change });
  }
  if (reasons.length > 0) return refused(...reasons);
  const { objectsRead, linesFromStream } = history;
  return { kind: 'planned', items, read: { objectsRead, linesFromStream } };
}
