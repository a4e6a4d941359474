import { countedValue } from '../../../analytics/counted-value';
import { formatWindow } from '../../../domain/counters/window';
import { maxFutureMs } from '../../../domain/event/click-event';

/** A question of two dimensions: clicks by one of them, where another has a value. */
export interface TwoDimensions {
  readonly where: { readonly dimension: string; readonly value: string };
  readonly by: string;
  readonly from: number;
  readonly to: number;
}

/** How the views over the archive have what the counters count; anything else is a column of the same name. */
const expressions: Readonly<Record<string, string>> = {
  referrer: 'referrerHost',
  device: 'deviceClass',
  bot: "CASE WHEN isBot THEN 'bot' ELSE 'human' END",
  status: "concat(CAST(CAST(floor(status / 100.0) AS bigint) AS varchar), 'xx')",
};

/** The question as SQL over the archive. */
export function questionSql({ where, by, from, to }: TwoDimensions): string {
  return [
    `SELECT ${expressionOf(by)} AS ${by}, count(*) AS clicks`,
    'FROM events_once',
    `WHERE ${comparable(where.dimension, where.value)} = ${literal(where.value)}`,
    `  AND happened_at >= TIMESTAMP '${sqlTime(from)}'`,
    `  AND happened_at < TIMESTAMP '${sqlTime(to)}'`,
    'GROUP BY 1 ORDER BY clicks DESC LIMIT 50',
  ].join('\n');
}

/**
 * The question as a command of a shell, which takes nothing in the SQL for its own: no line of it ends the text early.
 *
 * @param place options by which the command finds the pipeline
 */
export function questionCommand(question: TwoDimensions, place?: string): string {
  // What happened in a range arrived no earlier than an event may be ahead of its arrival.
  const where = place === undefined ? '' : `${place} `;
  return `npm run query -- ${where}--from ${formatWindow(question.from - maxFutureMs)} <<'SQL'\n${questionSql(question)}\nSQL`;
}

/** A value of fewer bytes was not cut: what was ends in the last character that 200 bytes have room for. */
const leastCutBytes = 197;

/** What an event has in a dimension, as far as it takes to compare it with a value of the counters. */
function comparable(dimension: string, value: string): string {
  const isCut = new TextEncoder().encode(value).length >= leastCutBytes;
  const isMarked = /^\\+\(other\)$/.test(value);
  const expression = expressionOf(dimension);
  return isCut || isMarked ? countedValue(expression) : expression;
}

function expressionOf(dimension: string): string {
  return expressions[dimension] ?? dimension;
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
  return formatWindow(at).replace('T', ' ').replace('Z', '');
}
