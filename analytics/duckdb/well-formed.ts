import { linesIn } from '../../domain/archive/lines-in';

/** Half of a character, which JavaScript writes where a text was cut within an emoji: JSON to some, and none to others. */
const mayBeHalf = /\\u[dD][89a-fA-F]/;

const lineFeed = Buffer.from('\n');

/** Lines of JSON with U+FFFD in the place of half characters, which DuckDB refuses with the whole line. */
export function wellFormedLines(body: Buffer): Buffer {
  // Few objects have any: the lines of the others are not looked at.
  if (!body.includes('\\ud') && !body.includes('\\uD')) return body;
  const lines: Buffer[] = [];
  for (const line of linesIn(body)) lines.push(wellFormed(line), lineFeed);
  return Buffer.concat(lines);
}

function wellFormed(line: Buffer): Buffer {
  const text = line.toString();
  if (!mayBeHalf.test(text)) return line;
  try {
    return Buffer.from(JSON.stringify(mended(JSON.parse(text))));
  } catch {
    // No JSON at all.
    return line;
  }
}

function mended(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(mended);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name.toWellFormed(), mended(part)]));
}
