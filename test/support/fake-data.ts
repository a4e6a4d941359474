import type { About, Anomalies, Health } from '../../query/answers';
import { retentionDays as retentionOf } from './retention-factory';

/** What made-up answers are made from. */
export interface FakeData {
  readonly about: About;
  readonly health: Health;
  /** Whatever the range is. */
  readonly anomalies: Pick<Anomalies, 'judgedUntil' | 'anomalies'>;
  /** Values of a dimension with the clicks of an hour, the most frequent first. */
  readonly values: Readonly<Record<string, readonly (readonly [value: string, perHour: number])[]>>;
  /** What every question is answered with instead. */
  readonly refusal?: { readonly status: number; readonly body: object };
}

export const hourMs = 3_600_000;

/** To the second, as the API has it. */
export function isoOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

const sections = ['blog', 'docs', 'pricing', 'shop', 'about', 'help'];

/** A site with some traffic. */
export function fakeData(pages: number, now: () => number): FakeData {
  const page = (place: number): string =>
    place === 0 ? '/' : `/${sections[place % sections.length]}${place < 6 ? '' : `/article-${place}`}`;
  return {
    about: {
      pipeline: 'clickstream-fake',
      dimensions: [
        'total',
        'type',
        'page',
        'element',
        'referrer',
        'device',
        'bot',
        'status',
        'late',
        'duplicate',
        'invalid',
      ],
      windows: ['minute', 'hour', 'day'],
      uniqueVisitors: 'page',
      retentionDays: retentionOf({ minute: 7, hour: 60, day: 90 }),
    },
    anomalies: { anomalies: [] },
    get health() {
      return healthAt(now());
    },
    values: {
      total: [['all', 2_900]],
      page: Array.from({ length: pages }, (_, place) => [page(place), 900 / (place + 1.5)] as const),
      referrer: [
        ['news.ycombinator.com', 420],
        ['www.google.com', 388],
        ['duckduckgo.com', 141],
        ['github.com', 96],
        ['t.co', 31],
      ],
      element: [
        ['#sign-up', 230],
        ['nav a.docs', 180],
        ['button.buy', 77],
      ],
      device: [
        ['desktop', 1_610],
        ['mobile', 1_090],
        ['tablet', 150],
        ['tv', 50],
      ],
      type: [
        ['page_view', 2_200],
        ['click', 640],
        ['submit', 60],
      ],
      status: [
        ['2xx', 2_700],
        ['3xx', 120],
        ['4xx', 74],
        ['5xx', 6],
      ],
      bot: [
        ['human', 2_520],
        ['bot', 380],
      ],
      late: [['late', 13]],
      invalid: [
        ['not-json', 4],
        ['no-page', 2],
      ],
    },
  };
}

function healthAt(at: number): Health {
  return {
    now: isoOf(at),
    countedUntil: isoOf(at - 2_000),
    shards: [
      { shard: 'shardId-000000000000', countedUntil: isoOf(at - 2_000) },
      { shard: 'shardId-000000000001', countedUntil: isoOf(at - 3_000) },
    ],
    lastHour: { clicks: 2_871, invalid: 6, duplicates: 8 },
    lateness: { from: isoOf(at - 25 * hourMs), to: isoOf(at - hourMs), clicks: 68_112, late: 341 },
    lagMs: { counting: 1_400, archive: 21_000 },
    givenUpBatches: 0,
    alarms: [
      {
        name: 'IteratorAge',
        state: 'OK',
        since: isoOf(at - 8 * hourMs),
        description: 'Counting falls behind the stream.',
        value: 1_200,
        threshold: 60_000,
        runbook: 'docs/operations.md#counting-falls-behind',
      },
      {
        name: 'ArchiveFreshness',
        state: 'INSUFFICIENT_DATA',
        since: isoOf(at - 8 * hourMs),
        description: 'The archive falls behind the stream.',
        threshold: 900,
        runbook: 'docs/operations.md#the-archive-falls-behind',
      },
    ],
  };
}
