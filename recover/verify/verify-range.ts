import { formatWindow } from '../../domain/counters/window';
import type { CountDifference, SketchDifference } from '../range/difference';
import { type InspectedPart, inspectPart, type RangePorts, windowId } from '../range/inspect';
import { partsOf, type Range } from '../range/parts';
import { shardIdOf } from '../shard-key';
import { LogReader } from '../shard-log';

/** A value that is not counted as often as the archive has it; of visitors and sessions, estimates. */
export interface Difference {
  readonly dimension: string;
  /** `minute`, `hour` or `day`. */
  readonly window: string;
  /** ISO 8601. */
  readonly start: string;
  /** Undefined where shards are compared by their sum. */
  readonly shardId: string | undefined;
  readonly value: string;
  readonly counted: number;
  readonly archived: number;
}

export interface RangeVerification {
  /** Whether nothing differs and nothing was given up. */
  readonly exact: boolean;
  readonly items: number;
  readonly events: number;
  readonly differences: number;
  /** The first of them: pages first, by minute, then the rest. */
  readonly firstDifferences: readonly Difference[];
  /** Events of the archive that were handed out and are counted nowhere. */
  readonly givenUp: number;
  readonly objectsRead: number;
  /** Lines that the archive does not have yet, and the stream has. */
  readonly linesFromStream: number;
  /** What was not compared, and why. */
  readonly notCompared: readonly string[];
}

const differencesShown = 20;

/** Compares the windows of a range with what archive and error prefix hold. Batches are counted wholly or not at all. */
export async function verifyRange(range: Range, ports: RangePorts): Promise<RangeVerification> {
  const logs = new LogReader(ports.table, ports.settings.deduplicationSeconds);
  const sum = { items: 0, events: 0, differences: 0, givenUp: 0, objectsRead: 0, linesFromStream: 0 };
  const notCompared = new Set<string>();
  let first: Difference[] = [];
  for await (const part of partsOf(range, ports)) {
    const inspected = await inspectPart(part, logs, ports);
    const found = differencesIn(inspected, notCompared);
    sum.differences += found.length;
    first = [...first, ...found].sort(byImportance).slice(0, differencesShown);
    for (const { items, lines, givenUp } of inspected.shards) {
      sum.items += items;
      sum.givenUp += givenUp;
      // Those that came long after they happened have no minute.
      if (part.sizes.includes('minute')) sum.events += Math.max(...lines.map(([counted]) => counted));
    }
    sum.objectsRead += inspected.read.objects;
    sum.linesFromStream += inspected.read.linesFromStream;
    if (inspected.ofOtherStreams > 0) notCompared.add('items of an earlier stream');
  }
  return {
    exact: sum.differences === 0 && sum.givenUp === 0,
    ...sum,
    firstDifferences: first,
    notCompared: [...notCompared],
  };
}

function differencesIn(
  { shards, unplaced, hasUnplacedEvents }: InspectedPart,
  notCompared: Set<string>,
): Difference[] {
  const differences: Difference[] = [];
  const invalid = new Map<string, { counted: number; archived: number }>();
  for (const [window, reasons] of unplaced) {
    for (const [reason, lines] of reasons)
      invalid.set(`${window} ${reason}`, { counted: 0, archived: lines });
  }
  if (hasUnplacedEvents) {
    notCompared.add('windows of events under the error prefix of which nobody knows the place any more');
  }
  for (const { shardKey, difference, isAhead } of shards) {
    const shardId = shardIdOf(shardKey);
    if (isAhead) {
      notCompared.add(`${shardId}: its items are ahead of its log, as after a restore`);
      continue;
    }
    for (const one of [...difference.counts, ...difference.sketches]) {
      const { name: dimension, size, start, counted, archived } = one;
      const value = textOf(one);
      const sums = invalid.get(`${windowId(size, start)} ${value}`);
      if (dimension === 'invalid' && sums) {
        sums.counted += counted;
        sums.archived += archived;
      } else
        differences.push({
          dimension,
          window: size,
          start: formatWindow(start),
          shardId,
          value,
          counted,
          archived,
        });
    }
  }
  for (const [id, sums] of invalid) {
    const [window = '', start, value = ''] = id.split(' ');
    const where = { dimension: 'invalid', window, start: formatWindow(Number(start)), shardId: undefined };
    if (sums.counted !== sums.archived) differences.push({ ...where, value, ...sums });
  }
  return differences;
}

function textOf(one: CountDifference | SketchDifference): string {
  if (!('of' in one)) return one.value;
  return typeof one.of === 'string' ? `(${one.of})` : one.of.value;
}

function byImportance(a: Difference, b: Difference): number {
  const rank = ({ dimension, window }: Difference) =>
    (dimension === 'page' ? 0 : 2) + (window === 'minute' ? 0 : 1);
  return (
    rank(a) - rank(b) || (a.start < b.start ? -1 : a.start > b.start ? 1 : 0) || (a.value < b.value ? -1 : 1)
  );
}
