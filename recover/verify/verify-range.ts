import { type CounterDifference, counterDifferences } from '../../reconcile/counter-differences';
import { type InspectedPart, inspectPart } from '../range/inspect';
import { partsOf, type Range, type RangePorts } from '../range/parts';
import { LogReader, shardIdOf } from '../shard-log';

export interface RangeVerification {
  /** Whether nothing differs and nothing was given up. */
  readonly exact: boolean;
  readonly items: number;
  readonly events: number;
  readonly differences: number;
  /** The first of them: pages first, by minute, then the rest. */
  readonly firstDifferences: readonly CounterDifference[];
  /** Error objects whose records the archive lacks; as far as the stream has them, they were compared. */
  readonly failedObjects: number;
  /** Events of the archive that were handed out and are counted nowhere. */
  readonly givenUp: number;
  readonly objectsRead: number;
  /** Lines that the archive does not have yet, and the stream has. */
  readonly linesFromStream: number;
  /** What was not compared, and why. */
  readonly notCompared: readonly string[];
}

const differencesShown = 20;

/** Compares the windows of a range with what archive and stream hold. Batches are counted wholly or not at all. */
export async function verifyRange(range: Range, ports: RangePorts): Promise<RangeVerification> {
  const logs = new LogReader(ports.table, ports.settings.deduplicationSeconds);
  const sum = { items: 0, events: 0, differences: 0, givenUp: 0, objectsRead: 0, linesFromStream: 0 };
  const notCompared = new Set<string>();
  const failedObjects = new Set<string>();
  let first: CounterDifference[] = [];
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
    for (const key of inspected.failedObjects) failedObjects.add(key);
    if (!inspected.isComplete) {
      notCompared.add('records below errors/ that the archive lacks and the stream has forgotten');
    }
    if (inspected.ofOtherStreams > 0) notCompared.add('items of an earlier stream');
  }
  return {
    exact: sum.differences === 0 && sum.givenUp === 0,
    ...sum,
    failedObjects: failedObjects.size,
    firstDifferences: first,
    notCompared: [...notCompared],
  };
}

function differencesIn({ shards }: InspectedPart, notCompared: Set<string>): CounterDifference[] {
  const differences: CounterDifference[] = [];
  for (const { shardKey, difference, isAhead } of shards) {
    if (isAhead)
      notCompared.add(`${shardIdOf(shardKey)}: its items are ahead of its log, as after a restore`);
    else differences.push(...counterDifferences(shardKey, difference));
  }
  return differences;
}

function byImportance(a: CounterDifference, b: CounterDifference): number {
  const rank = ({ dimension, window }: CounterDifference) =>
    (dimension === 'page' ? 0 : 2) + (window === 'minute' ? 0 : 1);
  return (
    rank(a) - rank(b) || (a.start < b.start ? -1 : a.start > b.start ? 1 : 0) || (a.value < b.value ? -1 : 1)
  );
}
