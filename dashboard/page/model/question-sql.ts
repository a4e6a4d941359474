import { toIso } from './zoned';

/** A question of two dimensions: clicks by one of them, where another has a value. */
export interface TwoDimensions {
  readonly where: { readonly dimension: string; readonly value: string };
  readonly by: string;
  readonly from: number;
  readonly to: number;
}

/** What the archive calls what the counters count. */
const columns: Readonly<Record<string, string>> = {
  referrer: 'referrerHost',
  device: 'deviceClass',
  bot: 'isBot',
};

/** The question as SQL over the archive. */
export function questionSql({ where, by, from, to }: TwoDimensions): string {
  return [
    `SELECT ${column(by)}, count(*) AS clicks`,
    'FROM clicks',
    `WHERE ${column(where.dimension)} = ${literal(where.value)}`,
    `  AND "timestamp" >= TIMESTAMP '${sqlTime(from)}'`,
    `  AND "timestamp" < TIMESTAMP '${sqlTime(to)}'`,
    'GROUP BY 1 ORDER BY 2 DESC LIMIT 50',
  ].join('\n');
}

function column(dimension: string): string {
  return `"${columns[dimension] ?? dimension}"`;
}

/**
 * A text of SQL with nothing in it that a terminal or a reader could take for something else: the text is copied, and
 * anybody may have sent the value.
 */
function literal(text: string): string {
  const parts = text.split(/([\p{C}\p{Zl}\p{Zp}])/u).filter((part) => part !== '');
  return (
    parts
      .map((part) =>
        /^[\p{C}\p{Zl}\p{Zp}]$/u.test(part)
          ? `chr(${part.codePointAt(0)})`
          : `'${part.replaceAll("'", "''")}'`,
      )
      .join(' || ') || "''"
  );
}

function sqlTime(at: number): string {
  return toIso(at).replace('T', ' ').replace('Z', ' UTC');
}
