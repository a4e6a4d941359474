import { formatWindow, windowSizes, windowStart } from '../../../domain/counters/window';
import { type RangeChoice, rangeNames } from './range';

export const metrics = ['clicks', 'visitors', 'sessions', 'bots', 'late', 'invalid'] as const;
export type Metric = (typeof metrics)[number];

/** Everything that decides what the page shows: its address has all of it. */
export interface View extends RangeChoice {
  readonly compare: boolean;
  /** Absent: the browser's. */
  readonly zone?: string;
  readonly metric: Metric;
  /** The value whose series is shown instead of the metric's. */
  readonly selected?: { readonly dimension: string; readonly value: string };
  /** The dimension whose values are all listed. */
  readonly all?: string;
  readonly search?: string;
}

export const firstView: View = { range: 'live', compare: false, metric: 'clicks' };

/** Reads the query of an address. What it cannot read is as if it were not there: addresses are typed and cut. */
export function parseView(query: string): View {
  const given = new URLSearchParams(query);
  const range = oneOf(rangeNames, given.get('range')) ?? firstView.range;
  const from = instant(given.get('from'));
  const to = instant(given.get('to'));
  const isCustom = range === 'custom' && from !== undefined && to !== undefined && from < to;
  const window = oneOf(windowSizes, given.get('window'));
  const dimension = given.get('dimension');
  const value = given.get('value');
  return {
    range: range === 'custom' && !isCustom ? firstView.range : range,
    ...(isCustom && { from, to }),
    ...(window && { window }),
    compare: given.get('compare') === 'previous',
    ...present('zone', given.get('zone')),
    metric: oneOf(metrics, given.get('metric')) ?? firstView.metric,
    ...(dimension && value !== null && { selected: { dimension, value } }),
    ...present('all', given.get('all')),
    ...present('search', given.get('search')),
  };
}

/** The query of an address, without what is as at first: empty, or with its question mark. */
export function formatView(view: View): string {
  const query = new URLSearchParams();
  if (view.range !== firstView.range) query.set('range', view.range);
  if (view.range === 'custom' && view.from !== undefined && view.to !== undefined) {
    query.set('from', formatWindow(view.from));
    query.set('to', formatWindow(view.to));
  }
  if (view.window) query.set('window', view.window);
  if (view.compare) query.set('compare', 'previous');
  if (view.zone) query.set('zone', view.zone);
  if (view.metric !== firstView.metric) query.set('metric', view.metric);
  if (view.selected) {
    query.set('dimension', view.selected.dimension);
    query.set('value', view.selected.value);
  }
  if (view.all) query.set('all', view.all);
  if (view.search) query.set('search', view.search);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

function oneOf<Name extends string>(names: readonly Name[], text: string | null): Name | undefined {
  return names.find((name) => name === text);
}

function present<Name extends 'zone' | 'all' | 'search'>(
  name: Name,
  text: string | null,
): Partial<Record<Name, string>> {
  return text ? ({ [name]: text } as Record<Name, string>) : {};
}

/** Whole minutes: nothing is counted more finely. */
function instant(text: string | null): number | undefined {
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? undefined : windowStart('minute', at);
}
