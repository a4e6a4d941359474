import { counted } from '../../cli/counted';
import type { ShardDifference, SketchDifference } from '../../domain/counters/difference';
import { type DeltaLimits, deltaLimits } from '../../domain/counters/fold';
import { correctionAfter, furtherOf } from '../../domain/counters/log-place';
import { retentionDaysOf } from '../../domain/counters/retention';
import { formatWindow } from '../../domain/counters/window';
import { ensureEntry, putDeltaWithIds } from '../../table/append';
import { type InspectedShard, inspectPart } from '../range/inspect';
import { partsOf, type Range, type RangePorts } from '../range/parts';
import { LogReader, logAgeMs, shardIdOf } from '../shard-log';
import { correctionsOf } from './correction';

export interface RebuildPorts extends RangePorts {
  /** A text that nobody else makes. */
  readonly newToken: () => string;
  readonly limits?: DeltaLimits;
}

export interface RebuildRequest {
  readonly range: Range;
  readonly dryRun: boolean;
  /** Correct also where an hour or a day of a shard ends up with fewer events than it counts. */
  readonly fewer: boolean;
}

/** What became of a range. */
export interface Rebuild {
  /** Values and sketches of windows that were corrected; in a dry run, that would be. */
  readonly corrected: number;
  /** Deltas in which they were. */
  readonly deltas: number;
  /** Values and sketches that differ and were left. */
  readonly left: number;
  /** Why something was left. */
  readonly reasons: readonly string[];
  readonly objectsRead: number;
  /** Lines that the archive does not have yet, and the stream has. */
  readonly linesFromStream: number;
}

const mostRounds = 20;
/** Of a shard, in a part of the range. */
const sketchesNamed = 20;

/**
 * Counts the windows that start in a range anew, with the code as it is now, and appends what has to be added to the table
 * for it to say so. Readers see each shard as it was or as it is to be, whatever is appended meanwhile.
 */
export async function rebuildRange(request: RebuildRequest, ports: RebuildPorts): Promise<Rebuild> {
  const logs = new LogReader(ports.table, ports.settings.deduplicationSeconds);
  const sum = { corrected: 0, deltas: 0, left: 0, objectsRead: 0, linesFromStream: 0 };
  const reasons = new Set<string>();
  for await (const part of partsOf(request.range, ports)) {
    for (let round = 1; ; round++) {
      const inspected = await inspectPart(part, logs, ports);
      sum.objectsRead += inspected.read.objects;
      sum.linesFromStream += inspected.read.linesFromStream;
      let [isOvertaken, left] = [false, 0];
      for (const shard of inspected.shards) {
        const { difference, leftOut, why } = plan(shard, request.fewer);
        for (const reason of why) reasons.add(reason);
        left += leftOut;
        const size = difference.counts.length + difference.sketches.length;
        if (size === 0) continue;
        const put = request.dryRun ? 0 : await putCorrections(shard, difference, inspected.readAt, ports);
        if (put === undefined) isOvertaken = true;
        else {
          sum.corrected += size;
          sum.deltas += put;
        }
      }
      if (isOvertaken && round < mostRounds) continue;
      sum.left += left;
      if (isOvertaken) reasons.add(`${formatWindow(part.from)}: others corrected it each time; run again`);
      break;
    }
  }
  return { ...sum, reasons: [...reasons] };
}

interface Plan {
  readonly difference: ShardDifference;
  readonly leftOut: number;
  readonly why: readonly string[];
}

/** What of a difference is corrected, and what is left, since archive or log do not vouch for it. */
function plan(shard: InspectedShard, fewer: boolean): Plan {
  const { counts, sketches } = shard.difference;
  const shardId = shardIdOf(shard.shardKey);
  const why: string[] = [];
  if (shard.givenUp > 0) {
    why.push(
      `${shardId}: ${counted(shard.givenUp, 'event was', 'events were')} given up: recover repair counts ${shard.givenUp === 1 ? 'it' : 'them'}, and not a rebuild`,
    );
  }
  if (counts.length === 0 && sketches.length === 0) return { difference: shard.difference, leftOut: 0, why };
  const leaveAll = (reason: string): Plan => ({
    difference: { counts: [], sketches: [] },
    leftOut: counts.length + sketches.length,
    why: [...why, `${shardId} ${reason}`],
  });
  if (shard.isAhead) {
    return leaveAll(
      'has items ahead of its log, as after a restore: set the mapping back, and let it catch up',
    );
  }
  const lacking = shard.lines.find(([counted, archived]) => archived < counted);
  if (lacking && !fewer) {
    const [lines, archived] = lacking;
    return leaveAll(
      `has counted ${counted(lines, 'event')}, of which the archive has ${archived}; --fewer rebuilds all the same`,
    );
  }
  const extra = sketches.filter(({ hasExtra }) => hasExtra);
  for (const sketch of extra.slice(0, sketchesNamed)) why.push(`${shardId} ${extraText(sketch)}`);
  if (extra.length > sketchesNamed) why.push(`${shardId}: and ${extra.length - sketchesNamed} more sketches`);
  const growing = sketches.filter(({ missing }) => missing.size > 0);
  return {
    difference: { counts, sketches: growing },
    leftOut: extra.length,
    why,
  };
}

function extraText({ name, value, size, start, counted, expected }: SketchDifference): string {
  return (
    `has seen more ${name} of ${value} in ${size} ${formatWindow(start)} than the archive ` +
    `(${counted}, not ${expected}): a sketch only grows`
  );
}

/**
 * Appends a difference. Batches that come in between change nothing of it; another correction does.
 *
 * @returns how many deltas were put; undefined if all has to be read again
 */
async function putCorrections(
  { shardKey, tail, furthest }: InspectedShard,
  difference: ShardDifference,
  readAt: number,
  ports: RebuildPorts,
): Promise<number | undefined> {
  const { table, settings, now, limits = deltaLimits } = ports;
  await ensureEntry(table, shardKey, now());
  let predecessor = tail;
  let put = 0;
  for (const correction of correctionsOf(difference, retentionDaysOf(settings), limits)) {
    for (;;) {
      if (now() - readAt > logAgeMs) return undefined;
      const last = correctionAfter(furtherOf(predecessor, furthest));
      const delta = { kind: 'rebuild', predecessor, last, covers: [], ...correction } as const;
      if (await putDeltaWithIds(shardKey, delta, [], { ...ports, ...settings })) {
        predecessor = last;
        put++;
        break;
      }
      for await (const { kind, last: next } of table.deltas(shardKey, predecessor)) {
        if (kind !== 'live') return undefined;
        predecessor = next;
      }
    }
  }
  return put;
}
