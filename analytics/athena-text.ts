import { partitionColumns } from '../domain/archive/columns';
import { windowMs, windowStart } from '../domain/counters/window';
import { hourParts } from '../recover/history/archive-objects';
import { type ArrivalRange, withoutEnd } from './duckdb/session';
import { views } from './views';

/**
 * Firehose files an object under the hour of its oldest record, so what arrived in a range may lie in hours before it: by
 * as much as one shard lags behind another.
 */
const hoursBefore = 24;

/**
 * A query for Athena that reads the hours of a range alone. A view that takes out copies cannot leave that to its reader:
 * a bound outside of it is not pushed below its window function, and the whole archive would be read, and paid for. So the
 * views become part of the query, over a table that is bounded.
 */
export function athenaText(sql: string, range: ArrivalRange): string {
  const body = withoutEnd(sql.trimStart());
  if (range.from === undefined && range.to === undefined) return `${body}\n`;
  const parts = [
    `archive AS (\nSELECT * FROM archive\nWHERE ${bounds(range).join('\n  AND ')}\n)`,
    ...views
      .filter(({ name }) => isUsed(name, body))
      .map(({ name, sql: text }) => `${name} AS (\n${text}\n)`),
  ];
  const comment = /^(?:\s*--[^\n]*\n)*/.exec(body)![0];
  const query = body.slice(comment.length);
  const own = /^with\s+/i.exec(query);
  return `${comment}WITH ${parts.join(',\n')}${own ? `,\n${query.slice(own[0].length)}` : `\n${query}`}\n`;
}

/** Views that a text names, and those that they are made of. */
function isUsed(name: string, text: string): boolean {
  const named = (wanted: string, within: string) => new RegExp(`\\b${wanted}\\b`, 'i').test(within);
  return (
    named(name, text) ||
    views.some((view) => view.name !== name && named(name, view.sql) && isUsed(view.name, text))
  );
}

/** By the hour's folder; and by year, month and day as far as they are one, so that few partitions are looked at. */
function bounds({ from, to }: ArrivalRange): string[] {
  const first =
    from === undefined ? undefined : hourParts(windowStart('hour', from) - hoursBefore * windowMs.hour);
  const last = to === undefined ? undefined : hourParts(to);
  const names = partitionColumns.map(({ name }) => name);
  const isOne = names.map((_, at) => first?.slice(0, at).join() === last?.slice(0, at).join());
  const perColumn = names.flatMap((name, at) =>
    at === 0 || isOne[at]
      ? [...(first ? [`${name} >= '${first[at]}'`] : []), ...(last ? [`${name} <= '${last[at]}'`] : [])]
      : [],
  );
  const hour = `concat(${names.join(", '/', ")})`;
  return [
    ...perColumn,
    ...(first ? [`${hour} >= '${first.join('/')}'`, `arrivedAt >= '${new Date(from!).toISOString()}'`] : []),
    ...(last ? [`${hour} <= '${last.join('/')}'`, `arrivedAt < '${new Date(to!).toISOString()}'`] : []),
  ];
}
