import { windowMs } from '../domain/counters/window';
import { createFollower, type Follower, type View, type ViewPorts, type WindowQuery } from '../table/view';

/** Reads windows as they stand, for several requests at once. */
export type ReadWindows = (queries: readonly WindowQuery[]) => Promise<View>;

/** What requests share their reading by: a page's panels ask within a moment, and again some seconds later. */
const sharedMs = 1_000;
/** A range that nobody asked for in this time is forgotten. */
const forgetMs = 60_000;
/** Items that are kept altogether; the range that was asked for longest ago is forgotten first. */
const itemsKept = 50_000;

interface Followed {
  readonly follower: Follower;
  /** The reading under way, or the last one if it succeeded. */
  view: Promise<View> | undefined;
  isReading: boolean;
  readAt: number;
  askedAt: number;
  items: number;
}

/**
 * Followers of the ranges that are asked for. A range that moves on with the clock keeps its follower for an hour or a
 * day, since followers begin at whole hours or days, and have no end where the range ends in the present.
 */
export function sharedViews(ports: ViewPorts): ReadWindows {
  const known = new Map<string, Followed>();

  const refresh = (followed: Followed): Promise<View> => {
    const now = ports.now();
    followed.askedAt = now;
    if (followed.view && (followed.isReading || now - followed.readAt < sharedMs)) return followed.view;
    followed.isReading = true;
    followed.view = read(followed);
    return followed.view;
  };

  const read = async (followed: Followed): Promise<View> => {
    try {
      const view = await followed.follower.refresh();
      followed.readAt = ports.now();
      followed.items = view.items.length;
      return view;
    } catch (error) {
      followed.view = undefined;
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

  return async (queries) => {
    const wider = queries.map((query) => widened(query, ports.now()));
    const key = JSON.stringify(wider);
    const followed = known.get(key) ?? {
      follower: createFollower(wider, ports),
      view: undefined,
      isReading: false,
      readAt: Number.NEGATIVE_INFINITY,
      askedAt: 0,
      items: 0,
    };
    // In the order in which they were asked for.
    known.delete(key);
    known.set(key, followed);
    const { items, shards } = await refresh(followed);
    forget();
    return { items: items.filter((item) => queries.some((query) => isIn(query, item))), shards };
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

function isIn({ group, size, from, to }: WindowQuery, item: View['items'][number]): boolean {
  return (
    item.group === group &&
    item.size === size &&
    (from === undefined || item.start >= from) &&
    (to === undefined || item.start < to)
  );
}
