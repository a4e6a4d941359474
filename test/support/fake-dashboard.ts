import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildPage } from '../../dashboard/build';
import { windowMs } from '../../domain/counters/window';
import type { About, Health, Point, Series, Span, Top, TopRow, Uniques } from '../../query/answers';
import { timeZoneNamed } from '../../report/time-zone';
import { retentionDays as retentionOf } from './retention-factory';

export interface FakeDashboard {
  readonly address: string;
  /** The paths of the API that were asked for, with their parameters. */
  readonly asked: string[];
  /** What is not changed by an `override` is made up from the question alone. */
  override(change: Partial<FakeAnswers>): void;
  /** Cuts all connections, and takes no more, or takes them again. */
  setReachable(isReachable: boolean): Promise<void>;
  close(): Promise<void>;
}

interface FakeAnswers {
  readonly about: About;
  readonly health: Health;
  /** Values of a dimension with the clicks of an hour, the most frequent first. */
  readonly values: Readonly<Record<string, readonly (readonly [value: string, perHour: number])[]>>;
  /** What every question is answered with instead. */
  readonly refusal?: { readonly status: number; readonly body: object };
}

const hourMs = 3_600_000;

/** The page with an API that makes up its answers: for what a real pipeline cannot be brought to show, or not soon. */
export async function startFakeDashboard({
  now = () => Date.now(),
  pages = 1_000,
}: {
  readonly now?: () => number;
  readonly pages?: number;
} = {}): Promise<FakeDashboard> {
  const files = await buildPage();
  const asked: string[] = [];
  let answers = fakeAnswers(pages, now);
  const handler: Parameters<typeof createServer>[1] = (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const file = files.get(pathname);
    if (!pathname.startsWith('/api/')) {
      response.writeHead(file ? 200 : 404, {
        'content-type': file?.type ?? 'text/plain',
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:",
      });
      response.end(file?.body);
      return;
    }
    asked.push(request.url!);
    const { refusal } = answers;
    const body = JSON.stringify(refusal?.body ?? answer(pathname.slice(5), searchParams, answers));
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
    const isKnown = request.headers['if-none-match'] === etag;
    response.writeHead(refusal?.status ?? (isKnown ? 304 : 200), {
      'content-type': 'application/json',
      etag,
    });
    response.end(isKnown ? undefined : body);
  };
  let server = await listen(createServer(handler), 0);
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    asked,
    override: (change) => {
      answers = { ...answers, ...change };
    },
    setReachable: async (isReachable) => {
      await stop(server);
      if (isReachable) server = await listen(createServer(handler), port);
    },
    close: () => stop(server),
  };
}

function listen(server: Server, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function answer(name: string, given: URLSearchParams, answers: FakeAnswers): object {
  if (name === 'about') return answers.about;
  if (name === 'health') return answers.health;
  const asked = spanOf(given);
  if (name === 'series') return seriesOf(asked, given, answers);
  return name === 'top' ? topOf(asked, given, answers) : uniquesOf(asked, given);
}

interface AskedSpan extends Span {
  readonly starts: readonly number[];
  readonly before: readonly number[] | undefined;
}

function spanOf(given: URLSearchParams): AskedSpan {
  const [from, to] = ['from', 'to'].map((name) => Date.parse(given.get(name)!));
  const window = (given.get('window') ?? 'hour') as Span['window'];
  const zone = given.get('zone') ?? 'UTC';
  const starts = startsOf(from!, to!, window, zone);
  const compare = given.get('compare');
  const earlier = compare === 'previous' ? from! - (to! - from!) : Date.parse(compare ?? '');
  const before = compare ? startsOf(earlier, earlier + (to! - from!), window, zone) : undefined;
  return { from: given.get('from')!, to: given.get('to')!, window, zone, starts, before };
}

function startsOf(from: number, to: number, window: Span['window'], zone: string): number[] {
  const starts: number[] = [];
  const days = timeZoneNamed(zone)!;
  for (let at = from; at < to; ) {
    starts.push(at);
    at = window === 'day' ? days.startOfDate(days.dateAt(at + 36 * hourMs)) : at + windowMs[window];
  }
  return starts;
}

/** More by day than by night, and a little more every day; whole numbers that the time alone decides. */
function countIn(at: number, window: Span['window'], perHour: number): number {
  const day = Math.sin(((at / hourMs - 9) / 24) * 2 * Math.PI) * 0.6 + 1;
  const noise = 1 + 0.12 * Math.sin(at / 60_000 / 7.3) + 0.08 * Math.sin(at / 60_000 / 2.1);
  const growth = 1 + (at % (40 * windowMs.day)) / (80 * windowMs.day);
  const share = windowMs[window] / hourMs;
  return Math.round(perHour * share * (window === 'day' ? 1 : day) * noise * growth);
}

function pointsOf(starts: readonly number[], window: Span['window'], perHour: number): Point[] {
  return starts.map((at) => ({ at: isoOf(at), count: countIn(at, window, perHour) }));
}

function sumOf(points: readonly Point[]): number {
  return points.reduce((sum, { count }) => sum + count, 0);
}

function rateOf(dimension: string, value: string | null, { values }: FakeAnswers): number {
  const all = values[dimension] ?? [];
  if (value !== null) return all.find(([name]) => name === value)?.[1] ?? 0;
  return all.reduce((sum, [, perHour]) => sum + perHour, 0);
}

function seriesOf(
  { starts, before, ...span }: AskedSpan,
  given: URLSearchParams,
  answers: FakeAnswers,
): Series {
  const [dimension, value] = [given.get('dimension')!, given.get('value')];
  const rate = rateOf(dimension, value, answers);
  const points = pointsOf(starts, span.window, rate);
  const earlier = before && pointsOf(before, span.window, rate * 0.93);
  return {
    ...span,
    dimension,
    ...(value === null ? {} : { value }),
    points,
    sum: sumOf(points),
    ...(earlier && { previous: { from: isoOf(before[0]!), points: earlier, sum: sumOf(earlier) } }),
  };
}

function topOf({ starts, before, ...span }: AskedSpan, given: URLSearchParams, answers: FakeAnswers): Top {
  const dimension = given.get('dimension')!;
  const search = given.get('search')?.toLowerCase();
  const length = sumOf(pointsOf(starts, span.window, 1_000)) / 1_000;
  const rows = (answers.values[dimension] ?? []).map(
    ([value, perHour], place): TopRow => ({
      value,
      count: Math.round(perHour * length),
      ...(before && { previous: Math.round(perHour * length * (0.8 + ((place * 7) % 5) / 10)) }),
    }),
  );
  const found = rows.filter(({ value }) => !search || value.toLowerCase().includes(search));
  return {
    ...span,
    dimension,
    rows: found.slice(0, Number(given.get('limit') ?? 10)),
    values: found.length,
    sum: rows.reduce((sum, { count }) => sum + count, 0),
  };
}

function uniquesOf({ starts, before, ...span }: AskedSpan, given: URLSearchParams): Uniques {
  const rate = given.get('unique') === 'visitors' ? 410 : 530;
  const window = span.window === 'minute' ? 'hour' : span.window;
  const whole =
    window === span.window ? starts : [...new Set(starts.map((at) => Math.floor(at / hourMs) * hourMs))];
  const points = pointsOf(whole, window, rate);
  return {
    ...span,
    window,
    from: isoOf(whole[0]!),
    to: window === span.window ? span.to : isoOf(whole.at(-1)! + hourMs),
    unique: given.get('unique') as Uniques['unique'],
    scope: given.get('scope') as Uniques['scope'],
    estimate: { count: Math.round(sumOf(points) * 0.6), standardError: 0.01625 },
    ...(before && { previous: { count: Math.round(sumOf(points) * 0.55), standardError: 0.01625 } }),
    points,
  };
}

function isoOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

const sections = ['blog', 'docs', 'pricing', 'shop', 'about', 'help'];

function fakeAnswers(pages: number, now: () => number): FakeAnswers {
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
    lastHour: { clicks: 2_871, invalid: 6, late: 13, duplicates: 8 },
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
