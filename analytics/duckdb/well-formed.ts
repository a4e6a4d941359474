import { linesIn } from '../../domain/archive/lines-in';

/** Half of a character, which JavaScript writes where a text was cut within an emoji: JSON to some, and none to others. */
const mayBeHalf = /\\u[dD][89a-fA-F]/;

/** The escapes of a text, one by one: both halves of a character, one half, or any other. */
const escapes =
  /(\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2})|(\\u[dD][89a-fA-F][\da-fA-F]{2})|\\./gs;

const lineFeed = Buffer.from('\n');

/** Lines of JSON with U+FFFD in the place of half characters, which DuckDB refuses with the whole line. */
export function wellFormedLines(body: Buffer): Buffer {
  // Few objects have any: the lines of the others are not looked at.
  if (!body.includes('\\ud') && !body.includes('\\uD')) return body;
  const lines: Buffer[] = [];
  for (const line of linesIn(body)) lines.push(wellFormed(line), lineFeed);
  return Buffer.concat(lines);
}

/** In the text, since numbers that a double does not hold would not survive being read and printed. */
function wellFormed(line: Buffer): Buffer {
  const text = line.toString();
  if (!mayBeHalf.test(text)) return line;
  return Buffer.from(
    text.replace(escapes, (found, _whole, half) => (half === undefined ? found : '\\ufffd')),
  );
}
