import { windowMs, windowStart } from '../../domain/counters/window';
import { lateAfterMs } from '../../domain/event/click-event';
import { seededRandom } from '../../domain/numbers/random';
import { type CountedValue, clickSource } from './clicks';
import type { Design, DesignKind } from './design';
import { recordsInBatch, type Scope, scopes, type WriteLoad } from './load';

/** What an hour of one shard costs by one design. */
export interface DesignHour {
  readonly scope: Scope['name'];
  readonly name: string;
  readonly unitsPerThousandRecords: number;
  readonly requestsPerBatch: number;
  /** Behind the units: writes of each sort, for 1,000 records, and the mean size of their items. */
  readonly writes: readonly {
    readonly sort: string;
    readonly perThousandRecords: number;
    readonly meanBytes: number;
    readonly unitsPerThousandRecords: number;
  }[];
}

export interface Hour {
  readonly recordsPerBatch: number;
  /** That a batch takes in fact, 6 MB being the most that one holds. */
  readonly secondsPerBatch: number;
  readonly designs: readonly DesignHour[];
}

const begin = Date.UTC(2026, 0, 1, 12);
const latestMs = 24 * windowMs.hour;

/** Minutes that stand for those from them to the next; items of an hour grow fast at first and then hardly. */
const measuredMinutes = [0, 1, 4, 13, 41];
const standsFor = [1, 2, 5, 15, 37];
const defaultEventsInFull = 400_000;

/**
 * Counts an hour of one shard by several designs at once: clicks in even distances, cut into batches as the mapping
 * cuts them, nothing delivered twice. The same load always gives the same figures.
 *
 * @param eventsInFull events of the hour beyond which some of its minutes stand for the others, whose clicks are only
 * taken into the items of the hour, so that these are as large as they would be
 */
export function measureHour(
  load: WriteLoad,
  kinds: readonly DesignKind[],
  { eventsInFull = defaultEventsInFull, seed = 'shard' } = {},
): Hour {
  const { recordsPerSecond, lateShare } = load;
  const source = clickSource(load.pages, `${seed} clicks`, load.pageBytes);
  const random = seededRandom(seed);
  const measured = scopes.flatMap((scope) =>
    kinds.map(({ name, create }) => ({ scope, name, design: create(scope.windows) })),
  );
  const recordsPerBatch = recordsInBatch(load, source.recordBytes);
  const secondsPerBatch = recordsPerBatch / recordsPerSecond;
  const isWhole = recordsPerSecond * 3_600 <= eventsInFull;
  const weightOf = (minute: number): number =>
    isWhole ? 1 : (standsFor[measuredMinutes.indexOf(minute)] ?? 0);
  // A batch may begin in the minute before one that is measured, and end in the minute after it.
  const isNear = (minute: number): boolean => [-1, 0, 1].some((distance) => weightOf(minute + distance) > 0);
  let gap: Gap | undefined;
  let batches = 0;
  let records = 0;

  // The first begins before the hour, so that batches lie across the borders of minutes.
  for (let fromSeconds = -secondsPerBatch / 2; fromSeconds < 3_600; fromSeconds += secondsPerBatch) {
    const times = weightOf(Math.floor((fromSeconds + secondsPerBatch / 2) / 60));
    if (times > 0) growBySkipped();
    for (let record = 0; record < recordsPerBatch; record++) {
      const seconds = fromSeconds + record / recordsPerSecond;
      if (seconds < 0 || seconds >= 3_600) continue;
      const at = begin + seconds * 1_000;
      if (lateShare > 0 && random.chance(lateShare)) {
        if (times > 0) addLate(at);
      } else if (times > 0) addInTime(at);
      else skip(at, isNear(Math.floor(seconds / 60)));
      records += times;
    }
    if (times === 0) continue;
    batches += times;
    for (const { design } of measured) design.endBatch(times);
  }
  growBySkipped();

  function addInTime(at: number): void {
    const click = source.next();
    for (const { scope, design } of measured) design.add(click[scope.dimensions], at);
  }
  function addLate(at: number): void {
    const happenedAt = at - lateAfterMs - random.float() * (latestMs - lateAfterMs);
    const click = source.nextLate();
    for (const { scope, design } of measured) design.addLate(click[scope.dimensions], happenedAt);
  }
  function skip(at: number, isNearMeasured: boolean): void {
    const minute = isNearMeasured ? windowStart('minute', at) : undefined;
    if (gap?.minute !== minute) growBySkipped();
    gap ??= { minute, counts: [] };
    const { counts } = gap;
    for (const { index } of source.next().all) counts[index] = (counts[index] ?? 0) + 1;
  }
  function growBySkipped(): void {
    if (!gap) return;
    const { minute, counts } = gap;
    gap = undefined;
    const all = new Map<CountedValue, number>();
    counts.forEach((count, index) => {
      all.set(source.values()[index]!, count);
    });
    const page = new Map([...all].filter(([{ dimension }]) => dimension === 'page'));
    const events = { all, page };
    for (const { scope, design } of measured) {
      const windows = scope.windows.filter((window) => window === 'hour' || minute !== undefined);
      design.grow?.(events[scope.dimensions], minute ?? begin, windows);
    }
  }

  const thousands = records / 1_000;
  return {
    recordsPerBatch,
    secondsPerBatch,
    designs: measured.map(({ scope, name, design }) => ({
      scope: scope.name,
      name,
      ...designHour(design, thousands, batches),
    })),
  };
}

/** Events that are not measured. */
interface Gap {
  /** The minute that all are of; undefined where its items are of no account, but only those of the hour. */
  readonly minute: number | undefined;
  /** By index of value. */
  readonly counts: number[];
}

function designHour(design: Design, thousands: number, batches: number): Omit<DesignHour, 'scope' | 'name'> {
  const { requests, lines } = design.charges();
  return {
    unitsPerThousandRecords: lines.reduce((sum, { units }) => sum + units, 0) / thousands,
    requestsPerBatch: requests / batches,
    writes: lines.map(({ sort, writes, bytes, units }) => ({
      sort,
      perThousandRecords: writes / thousands,
      meanBytes: bytes / writes,
      unitsPerThousandRecords: units / thousands,
    })),
  };
}
