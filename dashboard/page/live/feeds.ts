import { computed, effect, signal } from '@preact/signals';
import { windowMs } from '../../../domain/counters/window';
import type { About, Anomalies, Health, Series, Top, Uniques } from '../../../query/answers';
import { minuteMs, windowsFor } from '../model/range';
import type { Metric } from '../model/view';
import { toIso } from '../model/zoned';
import { type Feed, feed, type Pace } from './feed';
import { pulse } from './pulse';
import { isPast, minute, previousStart, question, range, serverSays, tick, view, zone } from './state';

const livePace = computed((): Pace => (view.value.range === 'live' ? 'now' : 'calm'));
/** Of the figure and the chart that somebody watches. */
const watchedPace = computed((): Pace => (isPast.value ? 'past' : livePace.value));
const calmPace = computed((): Pace => (isPast.value ? 'past' : 'calm'));

/** What there is to ask for does not change while the server runs. */
export const about = feed<About>(signal('api/about'), signal('past'));
export const health = feed<Health>(signal('api/health'), livePace);
effect(() => {
  if (health.answer.value) serverSays(health.answer.value.now);
});
effect(() => {
  void pulse.value;
  tick();
});

/** Clicks of the last half hour by minute, whatever the range is. */
export const recent = feed<Series>(
  computed(() => {
    const to = (minute.value + 1) * minuteMs;
    const from = to - 30 * minuteMs;
    return question('series', { dimension: 'total', from: toIso(from), to: toIso(to), window: 'minute' });
  }),
  livePace,
);

/** What the range is cut into: what was asked for, or the finest that suits and that is still kept. */
export const window = computed(() => {
  const kept = about.answer.value?.retentionDays;
  const asked = range.value.window;
  const isKept = (size: typeof asked): boolean => {
    const days = kept?.[size] ?? 0;
    return days === 0 || range.value.from >= (minute.value - days * 1_440) * minuteMs;
  };
  if (isKept(asked)) return asked;
  const coarser = (['hour', 'day'] as const).filter((size) => windowMs[size] > windowMs[asked]);
  return coarser.find(isKept) ?? asked;
});

export const windows = computed(() => windowsFor(range.value));

/** What every question about the range has in common: all panels count the same windows. */
export const rangeQuery = computed((): Record<string, string> => {
  const { from, to } = range.value;
  const comparison = previousStart.value === from - (to - from) ? 'previous' : toIso(previousStart.value);
  return {
    from: toIso(from),
    to: toIso(to),
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

function seriesFeed(parameters: () => Record<string, string | undefined> | undefined): Feed<Series> {
  const path = computed(() => {
    const asked = parameters();
    return asked && question('series', { ...asked, ...rangeQuery.value });
  });
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
    return asked && question('uniques', { ...asked, ...rangeQuery.value });
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
    const from = Math.floor(range.value.from / windowMs.hour) * windowMs.hour;
    const to = Math.ceil(range.value.to / windowMs.hour) * windowMs.hour;
    if (to - from > mostJudgedMs) return undefined;
    return question('anomalies', { from: toIso(from), to: toIso(to) });
  }),
  signal('past'),
);

/** The most frequent values of a dimension. */
export function topFeed(
  dimension: string,
  limit: () => number,
  search: () => string | undefined = () => undefined,
): Feed<Top> {
  const path = computed(() =>
    question('top', {
      dimension,
      limit: String(limit()),
      search: search() || undefined,
      ...rangeQuery.value,
    }),
  );
  return feed<Top>(path, calmPace);
}

export const bots = topFeed('bot', () => 2);
export const late = topFeed('late', () => 1);
export const invalid = topFeed('invalid', () => 8);
