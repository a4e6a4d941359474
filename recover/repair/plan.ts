import type { AggregationSettings } from '../../cli/aggregation-settings';
import { maxFutureMs } from '../../domain/click-event';
import { forEachConcurrently } from '../../domain/concurrency';
import { type CounterKey, itemId, readSortKey } from '../../domain/counter-item';
import { duplicateFilter } from '../../domain/duplicates';
import { readRecord } from '../../domain/record';
import { formatWindow, type WindowSize, windowStart } from '../../domain/window';
import type { ShardBatch } from '../../lambda/aggregator/kinesis-event';
import { arrivalSlackMs, type History, type HistoryPorts, type Place, readHistory } from '../history/history';
import {
  endOfRecord,
  endOfStream,
  linesOfRecords,
  type ShardLine,
  sequenceNumberOf,
  shardIdOf,
} from '../history/shard-line';
import type { ObjectStore } from '../objects/object-store';
import { recompute } from '../recompute';
import type { HeldItem, ItemsTable } from '../table/items-table';
import { changeOf, type Floor, retentionMs } from './change';
import { copiesMs, floorsOf, laterCopies } from './later-copies';
import type { PlannedItem } from './make-changes';
import { type ComparedItem, findTooMuch } from './too-much';
import { type TouchedItem, touchedItems } from './touched';

export interface RepairPorts extends HistoryPorts {
  readonly table: ItemsTable;
  readonly settings: AggregationSettings;
  readonly onFailure: ObjectStore;
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
      readonly history: History;
      /** Why some of the touched items are not among them. */
      readonly left: readonly string[];
      /** Items that copies of the batch's events may count in, with the end of the last of them. */
      readonly floors: ReadonlyMap<string, Floor>;
    };

const concurrentReads = 32;

/**
 * Recomputes each item that a given-up batch touches, from all that its shard held up to where the item stands, or to
 * the end of the batch. What a live writer has not written of that, it finds written, and goes on behind it.
 *
 * Where duplicates are removed, the aggregator has not seen the ids of the batch, and takes their later copies for new:
 * each item that a copy may count in is recomputed up to that copy, whether or not the copy has been handed out yet,
 * and stands there afterwards. So a live writer neither counts the copy nor has to know better. Once no more copies
 * can arrive, none is missed.
 */
export async function planRepair(batch: ShardBatch, ports: RepairPorts): Promise<RepairPlan> {
  const [streamName, shardId = ''] = batch.shard.split('/');
  if (streamName !== ports.stream.name) {
    return refused(`the batch is of stream ${streamName}, and the pipeline's is ${ports.stream.name}`);
  }
  const lines = linesOfRecords(batch.records);
  const horizonSeconds = ports.settings.deduplicationSeconds;
  const lastArrival = Math.max(...batch.records.map(({ arrivedAt }) => arrivedAt));
  const lastCopy = lastArrival + copiesMs(ports.settings);
  if (horizonSeconds > 0 && ports.now() < lastCopy + arrivalSlackMs) {
    const at = new Date(lastCopy + arrivalSlackMs).toISOString();
    return { kind: 'behind', reason: `duplicates of its events may arrive until ${at}: run again then` };
  }
  let touched = touchedItems(batch.shard, lines, horizonSeconds > 0);
  let toNow = false;
  for (;;) {
    const held = await readItems(touched, ports.table);
    const through = {
      ...farthest(batch, [...held.values()], touched, ports.settings),
      ...(horizonSeconds > 0 ? endOfStream : {}),
    };
    const history = await readHistory(
      {
        shardIds: new Set([shardId]),
        arrivals: {
          from: earliestWindow(touched) - maxFutureMs - horizonSeconds * 1_500,
          to: toNow ? ports.now() : Math.max(through.arrivedAt, lastCopy) + arrivalSlackMs,
        },
        through: new Map([[shardId, through]]),
        known: new Map([[shardId, batch.records]]),
      },
      ports,
    );
    const missing = missingOf(batch, lines, shardId, history);
    if (missing) return missing;

    const copies = laterCopies(lines, history.lines(shardId), horizonSeconds);
    const floors = floorsOf(batch.shard, copies);
    const all = new Map([...floors, ...touched]);
    if (all.size > touched.size) {
      touched = all;
      continue;
    }
    const strangers = [...held.values()].filter(
      ({ key, position }) => !history.has(shardId, position) && !hasLostPlaces(key, history),
    );
    // The end was reckoned by the items' time to live, whose setting may have changed meanwhile.
    if (strangers.length > 0 && !toNow) {
      toNow = true;
      continue;
    }
    if (strangers.length > 0) {
      return refused(...strangers.map(({ key }) => `the last event that ${name(key)} counted is nowhere`));
    }
    return planItems(batch, touched, floors, held, history, ports);
  }
}

function refused(...reasons: string[]): RepairPlan {
  return { kind: 'refused', reasons };
}

/** An item, for messages. */
export function name(key: CounterKey): string {
  return `item ${itemId(key)}`;
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
      position: endOfRecord(last.sequenceNumber),
      sequenceNumber: last.sequenceNumber,
      arrivedAt: Math.max(...records.map(({ arrivedAt }) => arrivedAt)),
    },
    ...held.map(({ key, position, expiresAt }) => {
      const { window } = touched.get(itemId(key))!;
      // The time to live is in whole seconds.
      const arrivedAt = expiresAt * 1000 - retentionMs(window, settings) + 1_000;
      return { position, sequenceNumber: sequenceNumberOf(position), arrivedAt };
    }),
  ];
  const highest = places.reduce((a, b) => (a.position >= b.position ? a : b));
  return { ...highest, arrivedAt: Math.max(...places.map(({ arrivedAt }) => arrivedAt)) };
}

function earliestWindow(touched: ReadonlyMap<string, TouchedItem>): number {
  return Math.min(...[...touched.values()].map(({ key }) => Date.parse(readSortKey(key).start)));
}

/** Why the batch itself is not archived, if it is not. */
function missingOf(
  { records }: ShardBatch,
  lines: readonly ShardLine[],
  shardId: string,
  history: History,
): RepairPlan | undefined {
  const last = records.at(-1)!;
  const missing = lines.filter(({ position }) => !history.isStored(shardId, position)).length;
  const { watermark } = history;
  if (missing === 0) return undefined;
  if (!watermark.covers(shardId, last.sequenceNumber, last.arrivedAt)) {
    const reason = `the archive has not caught up with the batch, of which it lacks ${missing} of ${lines.length} lines: ${watermark.describe(shardId)}`;
    return { kind: 'behind', reason };
  }
  return refused(
    `${missing} of the batch's ${lines.length} lines are neither in the archive nor under the error prefix, though ${watermark.describe(shardId)}`,
  );
}

async function planItems(
  batch: ShardBatch,
  touched: ReadonlyMap<string, TouchedItem>,
  floors: ReadonlyMap<string, Floor>,
  held: ReadonlyMap<string, HeldItem>,
  history: History,
  ports: RepairPorts,
): Promise<RepairPlan> {
  const { shard, records } = batch;
  const { settings, now } = ports;
  const shardId = shardIdOf(shard);
  const end = endOfRecord(records.at(-1)!.sequenceNumber);
  const wanted = recompute(
    shard,
    history.lines(shardId),
    (key) => {
      const id = itemId(key);
      if (!touched.has(id)) return undefined;
      const position = held.get(id)?.position ?? end;
      // As with a floor: the item may stand at a group that begins elsewhere if it is told right.
      const stands = settings.deduplicationSeconds > 0 ? endOfRecord(sequenceNumberOf(position)) : position;
      return [end, stands, floors.get(id)?.position ?? end].reduce((a, b) => (a > b ? a : b));
    },
    duplicateFilter(settings.deduplicationSeconds),
  );
  const items: PlannedItem[] = [];
  const compared: ComparedItem[] = [];
  const left: string[] = [];
  if (history.unplaced.some(({ data, arrivedAt }) => readRecord(data, arrivedAt).some(({ ok }) => ok))) {
    return refused(
      'events under the error prefix have no shard any more, since the stream has forgotten them',
    );
  }
  for (const [id, { key }] of touched) {
    const item = held.get(id);
    if (hasLostPlaces(key, history)) {
      left.push(
        `${name(key)}: the stream has forgotten which shard rejected records of this window came from`,
      );
      continue;
    }
    if (item) compared.push({ key, held: item, wanted: wanted.get(id) });
    const change = changeOf(item, wanted.get(id), settings, now(), floors.get(id));
    items.push({ key, held: item?.position, change });
  }
  const wrong = await findTooMuch(batch, ports)(compared, history.lines(shardId));
  if (wrong.length > 0) {
    return refused(
      ...wrong.map(
        ({ key, values }) =>
          `${name(key)} counts more than archive and error prefix hold: ${values.slice(0, 3).join(', ')}`,
      ),
    );
  }
  return { kind: 'planned', items, history, left, floors };
}

/** Whether an item may count rejected records of which nobody knows the shard any more. */
function hasLostPlaces(key: CounterKey, { unplaced }: History): boolean {
  const { window, start } = readSortKey(key);
  return (
    key.pk.startsWith('invalid#') &&
    unplaced.some(({ arrivedAt }) => formatWindow(windowStart(window as WindowSize, arrivedAt)) === start)
  );
}
