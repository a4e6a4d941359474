import {
  type AddressedItem,
  linesIn,
  type ShardDifference,
  shardDifference,
} from '../../domain/counters/difference';
import { addressId, windowId } from '../../domain/counters/item';
import { eventOf, furtherOf, type Place } from '../../domain/counters/log-place';
import { retentionDaysOf } from '../../domain/counters/retention';
import { windowMs } from '../../domain/counters/window';
import { maxFutureMs } from '../../domain/event/click-event';
import { uniquesFor } from '../../domain/visitors/uniques';
import { everyQuery } from '../../table/queries';
import { readView, type ViewedItem } from '../../table/view';
import type { Arrivals } from '../history/archive-objects';
import { type History, openHistory } from '../history/history';
import { type LogReader, ShardLog, shardIdOf } from '../shard-log';
import type { RangePart, RangePorts } from './parts';
import { Truth } from './truth';

/** What table and archive say of a part of a range. */
export interface InspectedPart {
  readonly shards: readonly InspectedShard[];
  readonly failedObjects: History['failedObjects'];
  readonly isComplete: boolean;
  /** Items of shards of earlier streams, of which the archive does not say which is which. */
  readonly ofOtherStreams: number;
  readonly read: History['read'];
  /** Epoch milliseconds, from before anything was read. */
  readonly readAt: number;
}

export interface InspectedShard {
  readonly shardKey: string;
  readonly tail: Place;
  /** The tail, or where items stand that are ahead of it. */
  readonly furthest: Place;
  /** Whether items are ahead of the log by events: these will be counted again. */
  readonly isAhead: boolean;
  readonly difference: ShardDifference;
  readonly items: number;
  /** Lines in each size of windows, counted and archived. */
  readonly lines: readonly (readonly [counted: number, archived: number])[];
  /** Lines of the archive that the log passed and did not count: they were given up. */
  readonly givenUp: number;
}

/** What is about to expire is not compared: one side may have let it go already. */
const aboutToExpireMs = 3 * windowMs.hour;

/** @param expiresAt epoch seconds */
function isLasting(expiresAt: number, now: number): boolean {
  return expiresAt * 1000 > now + aboutToExpireMs;
}

/**
 * Compares the table with archive and log: of each shard, all that the archive holds up to the log's tail, and the log says
 * is counted or does not tell of any more.
 */
export async function inspectPart(
  part: RangePart,
  logs: LogReader,
  ports: RangePorts,
): Promise<InspectedPart> {
  const { table, settings, stream, now } = ports;
  const readAt = now();
  const retentionDays = retentionDaysOf(settings);
  const queries = everyQuery(
    part.sizes,
    { from: part.from, to: part.to },
    uniquesFor(settings.uniqueVisitors),
  );
  const view = await readView(queries, { table, now, retentionDays });
  const isOwn = ({ shardKey }: { readonly shardKey: string }): boolean =>
    shardKey.startsWith(`${stream.name}/`);
  const own = view.items.filter(isOwn);
  const arrivals = arrivalsOf(part, own, ports);
  const truths = new Map<string, { readonly tail: Place; readonly truth: Truth }>();
  for (const { shardKey, tail } of view.shards.filter(isOwn)) {
    const { deltas } = await logs.read(shardKey, undefined, arrivals.from);
    // Without what came behind the view's tail meanwhile.
    const upToTail = deltas.filter(({ last }) => last <= tail);
    const log = new ShardLog(tail, upToTail, settings.deduplicationSeconds);
    truths.set(shardKey, { tail, truth: new Truth(part, log, settings, readAt) });
  }
  const upTo = new Map([...truths].map(([shardKey, { tail }]) => [shardIdOf(shardKey), tail] as const));
  const history = await openHistory({ arrivals, upTo }, ports);
  for await (const lines of history.parts()) {
    for (const [shardKey, { truth }] of truths) truth.add(lines.get(shardIdOf(shardKey)) ?? []);
  }
  const itemsOf = new Map<string, ViewedItem[]>([...truths.keys()].map((shardKey) => [shardKey, []]));
  for (const item of own) itemsOf.get(item.shardKey)?.push(item);
  return {
    shards: [...truths].map(([shardKey, { tail, truth }]) => {
      const stored = itemsOf.get(shardKey)!;
      const furthest = stored.reduce((place, { seq }) => furtherOf(place, seq), tail);
      const { givenUp, items } = truth;
      const isAhead = eventOf(furthest) > eventOf(tail);
      return { shardKey, tail, furthest, isAhead, givenUp, ...compared(part, stored, items, readAt) };
    }),
    failedObjects: history.failedObjects,
    isComplete: history.isComplete,
    ofOtherStreams: view.items.length - own.length,
    read: history.read,
    readAt,
  };
}

function compared(
  { sizes }: RangePart,
  stored: readonly AddressedItem[],
  expected: ReadonlyMap<string, AddressedItem>,
  now: number,
): Pick<InspectedShard, 'difference' | 'items' | 'lines'> {
  const all = [...stored, ...expected.values()];
  const expiries = new Map<string, number>();
  for (const item of all) {
    const id = addressId(item);
    expiries.set(id, Math.max(expiries.get(id) ?? 0, item.expiresAt));
  }
  // A window is compared as a whole: corrected in some items, and gone in others, it would not add up.
  const firstExpiries = new Map<string, number>();
  for (const item of all) {
    const [id, expiresAt] = [windowId(item), expiries.get(addressId(item))!];
    firstExpiries.set(id, Math.min(firstExpiries.get(id) ?? Infinity, expiresAt));
  }
  const lasting = (items: Iterable<AddressedItem>): AddressedItem[] =>
    [...items].filter((item) => isLasting(firstExpiries.get(windowId(item))!, now));
  const [have, want] = [lasting(stored), lasting(expected.values())];
  return {
    difference: shardDifference(have, want),
    items: expiries.size,
    lines: sizes.map((size) => [linesIn(have, size), linesIn(want, size)] as const),
  };
}

/**
 * When events arrived that may count in a part. Those that came in time are in, whether the table has them or not; of later
 * ones, items say up to when they have any.
 */
function arrivalsOf(
  { events }: RangePart,
  items: readonly AddressedItem[],
  { settings, now }: RangePorts,
): Arrivals {
  const retentionDays = retentionDaysOf(settings);
  let to = Math.min(now(), events.to + windowMs.hour);
  for (const { expiresAt, size } of items) {
    // The time to live is in whole seconds.
    to = Math.max(to, expiresAt * 1000 - retentionDays[size] * windowMs.day + 1_000);
  }
  return { from: events.from - maxFutureMs - settings.deduplicationSeconds * 1_500, to };
}
