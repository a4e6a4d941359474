import { windowMs } from '../domain/counters/window';
import type { LogTable, ShardEntry } from '../table/log-table';
import { sharedLog } from '../table/shared-log';
import { createFollower, type Follower, type View, type ViewPorts, type WindowQuery } from '../table/view';

/** The table as it stands, read for several requests at once. */
export interface SharedViews {
  /** What it returned before may change with it. */
  read(queries: readonly WindowQuery[]): Promise<View>;
  entries(): Promise<readonly ShardEntry[]>;
}

/** What requests share their reading by: a page's panels ask within a moment, and again some seconds later. */
const momentMs = 1_000;
/** A range that nobody asked for in this time is forgotten. */
const forgetMs = 60_000;
/** Items that are kept altogether; the range that was asked for longest ago is forgotten first. */
const itemsKept = 50_000;

/** What is read once, for all who ask within it. */
interface Moment {
  readonly beganAt: number;
  readonly log: LogTable;
}

interface Followed {
  readonly follower: Follower;
  /** The reading of the latest moment, under way or over; undefined if it failed. */
  view: Promise<View> | undefined;
  isReading: boolean;
  moment: Moment | undefined;
  askedAt: number;
  items: number;
}

/**
 * Followers of the ranges that are asked for. A range that moves on with the clock keeps its follower for an hour or a
 * day, since followers begin at whole hours or days, and have no end where the range ends in the present.
 */
export function sharedViews(ports: ViewPorts): SharedViews {
  const known = new Map<string, Followed>();
  let latest: Moment | undefined;
  const moment = (): Moment => {
    const now = ports.now();
    if (!latest || now - latest.beganAt >= momentMs) latest = { beganAt: now, log: sharedLog(ports.table) };
    return latest;
  };

  const refresh = (followed: Followed): Promise<View> => {
    followed.askedAt = ports.now();
    const { view, isReading } = followed;
    // A reading that takes longer than a moment is waited for by all.
    if (view && (isReading || followed.moment === moment())) return view;
    followed.moment = moment();
    followed.isReading = true;
    followed.view = read(followed, followed.moment);
    return followed.view;
  };

  const read = async (followed: Followed, { log }: Moment): Promise<View> => {
    try {
      const view = await followed.follower.refresh(undefined, log);
      followed.items = view.items.length;
      return view;
    } catch (error) {
      followed.view = undefined;
      latest = undefined;
      throw error;
    } finally {
      followed.isReading = false;
    }
  };

  const forget = (): void => {
    let items = 0;
    for (const [key, { askedAt, isReading, items: kept }] of [...known].reverse()) {
      items += kept;
      if (!isReading && (askedAt < ports.now() - forgetMs || items > itemsKept)) known.delete(key);
    }
  };

  return {
    async read(queries) {
      const wider = merged(queries.map((query) => widened(query, ports.now())));
      const key = JSON.stringify(wider);
      const followed = known.get(key) ?? {
        follower: createFollower(wider, ports),
        view: undefined,
        isReading: false,
        moment: undefined,
        askedAt: 0,
        items: 0,
      };
      // In the order in which they were asked for.
      known.delete(key);
      known.set(key, followed);
      const { items, shards } = await refresh(followed);
      forget();
      return { items: items.filter((item) => queries.some((query) => isIn(query, item))), shards };
    },
    entries: () => moment().log.entries(),
  };
}

function widened({ size, from, to, ...query }: WindowQuery, now: number): WindowQuery {
  const block = size === 'minute' ? windowMs.hour : size === 'hour' ? windowMs.day : 30 * windowMs.day;
  return {
    ...query,
    size,
    ...(from === undefined ? {} : { from: Math.floor(from / block) * block }),
    ...(to === undefined || to > now - windowMs.minute ? {} : { to: Math.ceil(to / block) * block }),
  };
}

/** Without what others of them have as well: widened, neighbours overlap. */
function merged(queries: readonly WindowQuery[]): WindowQuery[] {
  const startOf = ({ from = Number.NEGATIVE_INFINITY }: WindowQuery): number => from;
  const endOf = ({ to = Number.POSITIVE_INFINITY }: WindowQuery): number => to;
  const found: WindowQuery[] = [];
  for (const query of queries.toSorted((a, b) => startOf(a) - startOf(b))) {
    const index = found.findIndex(
      (one) => one.group === query.group && one.size === query.size && startOf(query) <= endOf(one),
    );
    if (index < 0) found.push(query);
    else if (endOf(query) > endOf(found[index]!)) {
      const { to: _shorter, ...longer } = found[index]!;
      found[index] = query.to === undefined ? longer : { ...longer, to: query.to };
    }
  }
  return found;
}

function isIn({ group, size, from, to }: WindowQuery, item: View['items'][number]): boolean {
  return (
    item.group === group &&
    item.size === size &&
    (from === undefined || item.start >= from) &&
    (to === undefined || item.start < to)
  );
}
