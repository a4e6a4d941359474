import { type CounterKey, itemId } from '../../domain/counter-item';
import { readRecord } from '../../domain/record';
import { UniqueFold } from '../../domain/unique-fold';
import { uniquesFor } from '../../domain/uniques';
import { formatWindow, windowStart } from '../../domain/window';
import type { UniquesTable } from '../../lambda/aggregator/uniques-table';
import { sequenceNumberOf } from '../history/shard-line';
import {
  hoursOf,
  type InspectedHour,
  type InspectedItem,
  inspectHour,
  type Range,
  type RangePorts,
} from '../range/hour';
import { changeOf, eventsIn } from '../repair/change';
import { type ItemOutcome, makeChanges, type PlannedItem } from '../repair/make-changes';
import { mergeRuns } from '../repair/sketches';

export interface RebuildPorts extends RangePorts {
  readonly uniques: UniquesTable;
}

export interface RebuildRequest {
  readonly range: Range;
  readonly dryRun: boolean;
  /** Write also where an hour of a shard ends up with fewer events than it counts. */
  readonly fewer: boolean;
}

/** What became of the items of a range. */
export interface Rebuild {
  readonly items: Readonly<Record<'written' | 'removed' | 'right' | 'expired' | 'left', number>>;
  /** Items with sketches that were written. */
  readonly sketches: number;
  /** Why items were left. */
  readonly reasons: readonly string[];
  /** Whether something was left because the archive does not have it yet. */
  readonly isBehind: boolean;
  readonly objectsRead: number;
  readonly linesFromStream: number;
}

const mostRounds = 20;

/**
 * Recomputes each item of the windows that start in a range, with the code as it is now, hour by hour. Each item is put
 * whole under the position at which it was read: a reader sees the old item or the new one, and a live writer goes on
 * behind it. What nothing counts in any more is deleted; what the archive cannot vouch for is left.
 */
export async function rebuildRange(request: RebuildRequest, ports: RebuildPorts): Promise<Rebuild> {
  const tally = new Tally();
  for (const part of hoursOf(request.range)) {
    for (let round = 1; ; round++) {
      const hour = await inspectHour(part, ports);
      const planned = planHour(hour, request.fewer, ports, tally);
      const movedOn = await makeChanges(planned, request.dryRun, ports.table, tally.done);
      if (movedOn.length === 0) {
        if (!request.dryRun) tally.sketches += await mergeSketches(part, hour, ports);
        tally.objectsRead += hour.history.objectsRead;
        tally.linesFromStream += hour.history.linesFromStream;
        break;
      }
      if (round === mostRounds) {
        tally.reasons.add(
          `hour ${formatWindow(windowStart('hour', part.from))}: ${movedOn.length} items were written by the aggregator each time; run again when there is less traffic`,
        );
        break;
      }
    }
  }
  return tally.result();
}

function planHour(
  { items, history }: InspectedHour,
  fewer: boolean,
  { settings, now }: RebuildPorts,
  tally: Tally,
): PlannedItem[] {
  const doubts = shardsWithFewer(items, fewer);
  const lostRejections = history.unplaced.length > 0;
  const lostEvents = history.unplaced.some(({ data, arrivedAt }) =>
    readRecord(data, arrivedAt).some(({ ok }) => ok),
  );
  const planned: PlannedItem[] = [];
  for (const { key, shardId, held, wanted } of items) {
    const change = changeOf(held, wanted, settings, now());
    const leave = (reason: string): void => tally.leave(key, reason);
    if (change.kind === 'equal' || change.kind === 'expired') {
      planned.push({ key, held: held?.position, change });
    } else if (held && !history.has(shardId, held.position)) {
      const sequenceNumber = sequenceNumberOf(held.position);
      const isBehind = !history.watermark.covers(shardId, sequenceNumber, held.expiresAt * 1000);
      tally.isBehind ||= isBehind;
      leave(
        isBehind
          ? `the archive has not caught up: ${history.watermark.describe(shardId)}`
          : 'the last event that it counted is not in the archive (any more)',
      );
    } else if (doubts.has(shardId)) leave(doubts.get(shardId)!);
    else if (lostEvents || (lostRejections && key.pk.startsWith('invalid#'))) {
      leave('records under the error prefix have no shard any more, since the stream has forgotten them');
    } else planned.push({ key, held: held?.position, change });
  }
  return planned;
}

/** Code may count otherwise, but where there are fewer events than were counted, the archive has lost some. */
function shardsWithFewer(items: readonly InspectedItem[], fewer: boolean): ReadonlyMap<string, string> {
  const shards = new Map<string, { held: number; wanted: number }>();
  for (const { key, window, shardId, held, wanted } of items) {
    if (window !== 'minute' || !/^(total|duplicate|invalid)#/.test(key.pk)) continue;
    const sums = shards.get(shardId) ?? { held: 0, wanted: 0 };
    shards.set(shardId, { held: sums.held + eventsIn(held), wanted: sums.wanted + eventsIn(wanted) });
  }
  return new Map(
    [...shards]
      .filter(([, { held, wanted }]) => !fewer && wanted < held)
      .map(([shardId, { held, wanted }]) => [
        shardId,
        `${shardId} has counted ${held} events, of which the archive has ${wanted}; --fewer rebuilds all the same`,
      ]),
  );
}

/** Sketches only grow: what the range holds is merged into them, so that new ones come to be. */
async function mergeSketches(
  { from, to }: Range,
  { history }: InspectedHour,
  ports: RebuildPorts,
): Promise<number> {
  const counted = uniquesFor(ports.settings.uniqueVisitors);
  let written = 0;
  for (const shardId of history.shardIds) {
    const collected = new UniqueFold(`${ports.stream.name}/${shardId}`, counted);
    for (const line of history.lines(shardId)) {
      if (line.reading.ok && line.reading.at >= from && line.reading.at < to)
        collected.add(line.reading, line);
    }
    written += await mergeRuns(collected.runs(), false, ports);
  }
  return written;
}

type Outcome = keyof Rebuild['items'];

/** Adds up over hours and rounds. */
class Tally {
  readonly reasons = new Set<string>();
  isBehind = false;
  sketches = 0;
  objectsRead = 0;
  linesFromStream = 0;
  private readonly outcomes = new Map<string, Outcome>();

  leave(key: CounterKey, reason: string): void {
    this.outcomes.set(itemId(key), 'left');
    this.reasons.add(reason);
  }

  readonly done = (key: CounterKey, outcome: ItemOutcome): void => {
    // What an earlier round has written is right in a later one.
    if (outcome !== 'right' || !this.outcomes.has(itemId(key))) this.outcomes.set(itemId(key), outcome);
  };

  result(): Rebuild {
    const items = { written: 0, removed: 0, right: 0, expired: 0, left: 0 };
    for (const outcome of this.outcomes.values()) items[outcome]++;
    const { reasons, isBehind, sketches, objectsRead, linesFromStream } = this;
    return { items, sketches, reasons: [...reasons], isBehind, objectsRead, linesFromStream };
  }
}
