import {
  type ColumnType,
  derivedColumns,
  partitionColumns,
  placeColumns,
  rejectionColumns,
  sentColumns,
} from '../domain/archive/columns';
import { lateAfterMs } from '../domain/event/click-event';

/** What a column of a view holds: what one of the archive does, or a time in UTC to the millisecond. */
export type ViewColumnType = ColumnType | 'time';

/** A view over the table `archive`, or over views before it. */
export interface View {
  readonly name: string;
  readonly about: string;
  /** In its order. */
  readonly columns: readonly { readonly name: string; readonly type: ViewColumnType }[];
  /** One text for Athena and DuckDB: Trino's words, of which `duckdb/dialect.ts` teaches DuckDB those that it lacks. */
  readonly sql: string;
}

/** A visitor who does nothing for this long begins another session, unless the events name their session. */
const sessionGapMs = 30 * 60_000;

/** Columns of access logs that hold a number where they hold anything useful. */
const numbers: ReadonlySet<string> = new Set(['status', 'bytes']);

const place = 'shardId, sequenceNumber, subSequenceNumber';
/** Events of one millisecond stand in the order of the stream. */
const inOrder = `happened_ms, ${place}`;

const sent = sentColumns.map(({ name }) =>
  numbers.has(name) ? ({ name, type: 'integer' } as const) : { name, type: 'text' as const },
);
const times = [
  { name: 'happened_at', type: 'time' },
  { name: 'happened_ms', type: 'integer' },
  { name: 'arrived_at', type: 'time' },
  { name: 'arrived_ms', type: 'integer' },
] as const;
const places = placeColumns.filter(({ name }) => name !== 'arrivedAt');
const eventColumns = [
  ...sent,
  ...derivedColumns,
  ...times,
  { name: 'late', type: 'boolean' as const },
  ...places,
  ...partitionColumns,
];

/** A text such as `2026-03-01T09:30Z` as milliseconds since 1970. The archive has none that cannot be read. */
const milliseconds = (text: string): string =>
  `CAST(round(to_unixtime(from_iso8601_timestamp(${text})) * 1000) AS bigint)`;

/** The time in UTC, without a zone, so that all engines cut it into the same days. */
const utc = (text: string): string =>
  `CAST(at_timezone(from_iso8601_timestamp(${text}), 'UTC') AS timestamp)`;

const names = (columns: readonly { readonly name: string }[]): string =>
  columns.map(({ name }) => quoted(name)).join(', ');

function quoted(name: string): string {
  return name === 'timestamp' ? '"timestamp"' : name;
}

/** What is no whole number as JSON writes one is none: a cast takes more, and the one of DuckDB 200.5 for 201. */
const wholeNumber = (name: string): string =>
  `CASE WHEN regexp_like(${name}, '\\A(0|-?[1-9][0-9]{0,17})\\z') THEN CAST(${name} AS bigint) END AS ${name}`;

const sentValues = sent.map(({ name, type }) => (type === 'integer' ? wholeNumber(name) : quoted(name)));

/** The first that a session has. Told apart from those without one, which the two engines treat differently. */
const first = (name: string): string => `min_by(${name}, step) FILTER (WHERE ${name} IS NOT NULL) AS ${name}`;

const folder = names(partitionColumns);

/** Firehose delivers some records more than once; each line says where in the stream it stood. */
const oncePerPlace = `row_number() OVER (PARTITION BY ${place} ORDER BY ${folder}) AS copy`;

/** Valid events, each once. @param copy SQL of a column `copy`, which is 1 for the line that counts */
const eventsOnce = (copy: string): string => `SELECT ${names(eventColumns)}
FROM (
  SELECT *, arrived_ms - happened_ms > ${lateAfterMs} AS late
  FROM (
    SELECT ${sentValues.join(', ')}, ${names(derivedColumns)},
      ${utc('"timestamp"')} AS happened_at, ${milliseconds('"timestamp"')} AS happened_ms,
      ${utc('arrivedAt')} AS arrived_at, ${milliseconds('arrivedAt')} AS arrived_ms,
      ${names(places)}, ${folder},
      ${copy}
    FROM archive
    WHERE rejected IS NULL
  ) AS placed
  WHERE copy = 1
) AS valid`;

export const views: readonly View[] = [
  {
    name: 'events',
    about: 'Every valid event that the stream took, once. What a producer sent twice is in it twice.',
    columns: eventColumns,
    sql: eventsOnce(oncePerPlace),
  },
  {
    name: 'events_once',
    about: 'As events, and each eventId once: the first that arrived.',
    columns: eventColumns,
    // Copies of a line have one eventId, so that one look at it does for both. All arrivals are printed alike, so that
    // their order as text is their order in time.
    sql: eventsOnce(
      `row_number() OVER (PARTITION BY eventId ORDER BY arrivedAt, ${place}, ${folder}) AS copy`,
    ),
  },
  {
    name: 'page_views',
    about: 'Events of type page_view, and requests of access logs.',
    columns: eventColumns,
    sql: `SELECT ${names(eventColumns)}
FROM events_once
WHERE type IN ('page_view', 'request')`,
  },
  {
    name: 'visits',
    about:
      'Each event once, with the session that it is of: the one it names, or one that ends after half an hour.',
    columns: [{ name: 'session', type: 'text' }, { name: 'step', type: 'integer' }, ...eventColumns],
    // Ordered by the stream once, and by small numbers from there on: an order by places is what takes time.
    sql: `SELECT concat(owner, ' #', CAST(visit AS varchar)) AS session, place - coalesce(begun_at, 1) + 1 AS step,
  ${names(eventColumns)}
FROM (
  SELECT *,
    sum(begins) OVER (PARTITION BY owner ORDER BY place) AS visit,
    max(CASE WHEN begins = 1 THEN place END) OVER (PARTITION BY owner ORDER BY place) AS begun_at
  FROM (
    SELECT *,
      CASE WHEN sessionId <> '' OR happened_ms - before_ms <= ${sessionGapMs} THEN 0 ELSE 1 END AS begins
    FROM (
      SELECT *,
        lag(happened_ms) OVER (PARTITION BY owner ORDER BY ${inOrder}) AS before_ms,
        row_number() OVER (PARTITION BY owner ORDER BY ${inOrder}) AS place
      FROM (
        SELECT *,
          CASE WHEN sessionId <> '' THEN concat('session ', sessionId) ELSE concat('visitor ', visitorId) END AS owner
        FROM events_once
      ) AS owned
    ) AS following
  ) AS begun
) AS numbered`,
  },
  {
    name: 'sessions',
    about: 'One row a session: who, when, how many events, where it began and ended.',
    columns: [
      { name: 'session', type: 'text' },
      { name: 'visitorId', type: 'text' },
      { name: 'started_at', type: 'time' },
      { name: 'ended_at', type: 'time' },
      { name: 'seconds', type: 'integer' },
      { name: 'events', type: 'integer' },
      { name: 'pages', type: 'integer' },
      { name: 'entry_page', type: 'text' },
      { name: 'exit_page', type: 'text' },
      { name: 'referrerHost', type: 'text' },
      { name: 'campaign', type: 'text' },
      { name: 'deviceClass', type: 'text' },
      { name: 'isBot', type: 'boolean' },
    ],
    sql: `SELECT session, min_by(visitorId, step) AS visitorId,
  min(happened_at) AS started_at, max(happened_at) AS ended_at,
  CAST(floor((max(happened_ms) - min(happened_ms)) / 1000.0) AS bigint) AS seconds,
  count(*) AS events, count(DISTINCT page) AS pages,
  min_by(page, step) AS entry_page, max_by(page, step) AS exit_page,
  ${first('referrerHost')}, ${first('campaign')}, ${first('deviceClass')}, bool_or(isBot) AS isBot
FROM visits
GROUP BY session`,
  },
  {
    name: 'rejected_lines',
    about: 'What was no event, once: why, and its bytes in base64.',
    columns: [...rejectionColumns, { name: 'arrived_at', type: 'time' }, ...places, ...partitionColumns],
    sql: `SELECT ${names(rejectionColumns)}, ${utc('arrivedAt')} AS arrived_at, ${names(places)}, ${names(partitionColumns)}
FROM (
  SELECT *, ${oncePerPlace}
  FROM archive
  WHERE rejected IS NOT NULL
) AS placed
WHERE copy = 1`,
  },
];
