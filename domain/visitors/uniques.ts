import type { ClickEvent } from '../event/click-event';
import type { Precision } from './sketch';

/** What distinct things are counted. */
export type UniqueName = 'visitors' | 'sessions';

/** The setting `uniqueVisitors`: count nothing, the whole site, or also each page. */
export const uniqueVisitorScopes = ['off', 'total', 'page'] as const;
export type UniqueVisitorScope = (typeof uniqueVisitorScopes)[number];

/** What distinct things are counted for: the whole site or each page. */
export type UniqueScope = Exclude<UniqueVisitorScope, 'off'>;

/** Windows in which distinct things are counted. Hours do not add up to a day, so the day has sketches of its own. */
export type UniqueWindow = 'hour' | 'day';

/** The fields that a scope is read from. */
type Counted = Pick<ClickEvent, 'page'>;

/** Something that is counted once, however often it is seen in a window. */
export interface Unique {
  readonly name: UniqueName;
  readonly scope: UniqueScope;
  readonly windows: readonly UniqueWindow[];
  /** Of its sketches: 12 is off by 1.6 % (one standard error), 10 by 3.2 %, in a quarter of the bytes. */
  readonly precision: Precision;
  /** Items that a window is spread over. More are more writes, and a higher cap: see `maxSketches`. */
  readonly buckets: number;
  /** The field that names who or what is counted. An event without it, or with an empty one, does not count here. */
  readonly id: 'visitorId' | 'sessionId';
  /** What it is counted for. */
  readonly valueOf: (event: Counted) => string;
}

const visitors = { name: 'visitors', id: 'visitorId' } as const;
const sessions = { name: 'sessions', id: 'sessionId' } as const;
const total = {
  scope: 'total',
  windows: ['hour', 'day'],
  precision: 12,
  buckets: 1,
  valueOf: () => 'all',
} as const;
const page = {
  scope: 'page',
  windows: ['hour'],
  precision: 10,
  buckets: 32,
  valueOf: ({ page: path }: Counted) => path,
} as const;

/** Everything that is counted by sketches, a line each. A line added here is aggregated, stored and reported. */
export const uniques: readonly Unique[] = [
  { ...visitors, ...total },
  { ...visitors, ...page },
  { ...sessions, ...total },
];

/** What is counted under a setting: `page` includes what `total` does. */
export function uniquesFor(setting: UniqueVisitorScope): readonly Unique[] {
  if (setting === 'off') return [];
  return setting === 'page' ? uniques : uniques.filter(({ scope }) => scope === 'total');
}
