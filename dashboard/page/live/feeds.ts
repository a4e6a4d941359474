import { computed, effect, signal } from '@preact/signals';
import { formatWindow, windowMs, windowStart } from '../../../domain/counters/window';
import { lateAfterMs } from '../../../domain/event/click-event';
import type { About, Anomalies, Health, Series, Top, Uniques } from '../../../query/answers';
import { countedUpTo } from '../model/picture';
import { windowsFor } from '../model/range';
import type { Metric } from '../model/view';
import { type Feed, feed, type Pace } from './feed';
import { pulse } from './pulse';
import {
  isPast,
  isRangeKnown,
  minute,
  previousStart,
  question,
  range,
  retentionDays,
  serverNow,
  serverSays,
  tick,
  view,
  window,
  zone,
} from './state';

const livePace = computed((): Pace => (view.value.range === 'live' ? 'now' : 'calm'));
/** Of the figure and the chart that somebody watches. */
const watchedPace = computed((): Pace => (isPast.value ? 'past' : livePace.value));
const calmPace = computed((): Pace => (isPast.value ? 'past' : 'calm'));

/** What there is to ask for does not change while the server runs. */
export const about = feed<About>(signal('api/about'), signal('past'));
export const health = feed<Health>(signal('api/health'), livePace);
effect(() => {
  if (about.answer.value) retentionDays.value = about.answer.value.retentionDays;
});
effect(() => {
  if (health.answer.value) serverSays(health.answer.value.now);
});
/** Of a dimension, in epoch milliseconds: what happened later is counted so far. */
export function toldUntil(metric: Metric | undefined): number {
  const now = Math.max(serverNow(), minute.value * windowMs.minute);
  const state = health.answer.value;
  const counted = Math.min((state && countedUpTo(state)) ?? now, now);
  return metric === 'late' ? counted - lateAfterMs : counted;
}
effect(() => {
  void pulse.value;
  tick();
});

/** Clicks of the last half hour by minute, whatever the range is. */
export const recent = feed<Series>(
  computed(() => {
    const to = (minute.value + 1) * windowMs.minute;
    const [from, end] = [to - 30 * windowMs.minute, to].map(formatWindow);
    return question('series', { dimension: 'total', from, to: end, window: 'minute' });
  }),
  livePace,
);

export const windows = computed(() => windowsFor(range.value));

/**
 * What every question about the range has in common: all panels count the same windows. Undefined until it is known whether
 * they can be those of the zone.
 */
const rangeQuery = computed((): Record<string, string> | undefined => {
  if (!isRangeKnown.value) return undefined;
  const { from, to } = range.value;
  const comparison =
    previousStart.value === from - (to - from) ? 'previous' : formatWindow(previousStart.value);
  return {
    from: formatWindow(from),
    to: formatWindow(to),
    window: window.value,
    zone: zone.value.name,
    ...(view.value.compare && { compare: comparison }),
  };
});

/** The dimension and the value that a metric is a series of. */
const seriesOf: Readonly<Record<Exclude<Metric, 'visitors' | 'sessions'>, readonly [string, string?]>> = {
  clicks: ['total'],
  bots: ['bot', 'bot'],
  late: ['late'],
  invalid: ['invalid'],
};

function aboutRange(name: string, parameters: Record<string, string | undefined> | undefined) {
  return parameters && rangeQuery.value && question(name, { ...parameters, ...rangeQuery.value });
}

function seriesFeed(parameters: () => Record<string, string | undefined> | undefined): Feed<Series> {
  const path = computed(() => aboutRange('series', parameters()));
  return feed<Series>(path, watchedPace);
}

export const clicks = seriesFeed(() => ({ dimension: 'total' }));

/** What the picture shows, unless it is distinct visitors or sessions. */
export const shown = seriesFeed(() => {
  const { selected, metric } = view.value;
  if (selected) return { dimension: selected.dimension, value: selected.value };
  if (metric === 'visitors' || metric === 'sessions') return undefined;
  const [dimension, value] = seriesOf[metric];
  return { dimension, value };
});

function uniquesFeed(parameters: () => Record<string, string> | undefined): Feed<Uniques> {
  const path = computed(() => {
    const setting = about.answer.value?.uniqueVisitors;
    const asked = setting === undefined || setting === 'off' ? undefined : parameters();
    return aboutRange('uniques', asked);
  });
  return feed<Uniques>(path, calmPace);
}

export const visitors = uniquesFeed(() => ({ unique: 'visitors', scope: 'total' }));
export const sessions = uniquesFeed(() => ({ unique: 'sessions', scope: 'total' }));
/** Of the selected page, where visitors are counted by page. */
export const pageVisitors = uniquesFeed(() => {
  const { selected } = view.value;
  if (selected?.dimension !== 'page' || about.answer.value?.uniqueVisitors !== 'page') return undefined;
  return { unique: 'visitors', scope: 'page', value: selected.value };
});

const mostJudgedMs = 31 * windowMs.day;

/** Unusual hours of the range, which begins and ends with whole ones: it is a question that changes once an hour. */
export const anomalies = feed<Anomalies>(
  computed(() => {
    const from = windowStart('hour', range.value.from);
    const to = Math.ceil(range.value.to / windowMs.hour) * windowMs.hour;
    if (to - from > mostJudgedMs) return undefined;
    return question('anomalies', { from: formatWindow(from), to: formatWindow(to) });
  }),
  signal('past'),
);

/** The path of the question for the most frequent values of a dimension. */
export function topQuestion(dimension: string, limit: number, search?: string): string | undefined {
  return aboutRange('top', { dimension, limit: String(limit), search: search || undefined });
}

/** The most frequent values of a dimension. */
export function topFeed(
  dimension: string,
  limit: () => number,
  search: () => string | undefined = () => undefined,
): Feed<Top> {
  const path = computed(() => topQuestion(dimension, limit(), search()));
  return feed<Top>(path, calmPace);
}

export const bots = topFeed('bot', () => 2);
export const late = topFeed('late', () => 1);
export const invalid = topFeed('invalid', () => 8);
