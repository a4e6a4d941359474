import type { AggregationSettings } from '../../cli/aggregation-settings';
import type { Position } from '../../domain/position';
import type { WindowSize } from '../../domain/window';
import type { RecomputedItem } from '../recompute';
import type { Counted, HeldItem, NewItem } from '../table/items-table';

const msPerDay = 86_400_000;

/** What has to be done for an item to hold what was recomputed. */
export type Change =
  | { readonly kind: 'equal' }
  /** Its time to live is over: nobody reads it any more. */
  | { readonly kind: 'expired' }
  | { readonly kind: 'write'; readonly item: NewItem }
  | { readonly kind: 'remove' };

/** Up to where an item has to stand, though it may not count the event there. */
export interface Floor {
  readonly position: Position;
  readonly window: WindowSize;
  /** Of that event, in epoch milliseconds. */
  readonly arrivedAt: number;
}

const nothing = { counts: new Map<string, number>(), other: 0, cut: 0, sizeBound: 0 } as const;

/**
 * An item never goes back: a live writer would count again what lies behind its position. Hence an item that counts
 * nothing may have to stay, or to come: where duplicates are removed, the aggregator may know less than the archive,
 * and count an event there that is none.
 *
 * @param now epoch milliseconds
 */
export function changeOf(
  held: HeldItem | undefined,
  wanted: RecomputedItem | undefined,
  settings: AggregationSettings,
  now: number,
  floor?: Floor,
): Change {
  if (!wanted && settings.deduplicationSeconds === 0) return { kind: held ? 'remove' : 'equal' };
  const position = [wanted, held, floor].reduce(
    (highest, at) => (at && at.position > highest ? at.position : highest),
    '',
  );
  if (position === '') return { kind: 'equal' };
  const { counts, other, cut, sizeBound } = wanted ?? nothing;
  if (held && isEqual(held, { counts, other, cut, position })) return { kind: 'equal' };
  // From the arrival of the last event, as the aggregator sets it; an item that keeps its last event keeps its end.
  const last = [wanted && { ...wanted, arrivedAt: wanted.lastArrivedAt }, floor].find(
    (at) => at?.position === position,
  );
  const expiresAt =
    held?.position === position || !last
      ? held!.expiresAt
      : Math.floor((last.arrivedAt + retentionMs(last.window, settings)) / 1000);
  if (expiresAt * 1000 <= now) return { kind: 'expired' };
  // A live writer that has read the item tells by its position and its bound that nobody has written since.
  const newBound = sizeBound === held?.sizeBound ? sizeBound + 1 : sizeBound;
  return { kind: 'write', item: { counts, other, cut, position, sizeBound: newBound, expiresAt } };
}

/** How long an item lives after the arrival of its last event. */
export function retentionMs(window: WindowSize, settings: AggregationSettings): number {
  const days = { minute: settings.minuteRetentionDays, hour: settings.hourRetentionDays };
  return days[window] * msPerDay;
}

function isEqual(a: Counted, b: Counted): boolean {
  return (
    a.position === b.position &&
    a.other === b.other &&
    a.cut === b.cut &&
    a.counts.size === b.counts.size &&
    [...a.counts].every(([value, count]) => b.counts.get(value) === count)
  );
}

export type EventsByValue = ReadonlyMap<string, number>;

/**
 * Values that an item counts more often than another: what one must not lose by the other.
 *
 * @param extra events that it may count besides
 */
export function valuesBeyond(
  held: Counted,
  wanted: Counted | undefined,
  extra: EventsByValue = nothing.counts,
): string[] {
  if (held.other > 0 || (wanted?.other ?? 0) > 0) {
    // Which values had no room may differ; that none is lost shows in the sum.
    const most = eventsIn(wanted) + eventsIn({ counts: extra, other: 0 });
    return eventsIn(held) > most ? [`${eventsIn(held) - most} events`] : [];
  }
  return [...held.counts].flatMap(([value, count]) => {
    const most = (wanted?.counts.get(value) ?? 0) + (extra.get(value) ?? 0);
    return count > most ? [`${value} ${count} times, not ${most}`] : [];
  });
}

/** Events that an item counts, those of values without room included. */
export function eventsIn(counted: Pick<Counted, 'counts' | 'other'> | undefined): number {
  let total = counted?.other ?? 0;
  for (const count of counted?.counts.values() ?? []) total += count;
  return total;
}
