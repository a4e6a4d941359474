const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const blanks: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const opening: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const closing: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** Where a part of a text stands: its first byte, and one past its last. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/**
 * The elements of an array, or the names and values of an object in turn, as they stand in JSON that is known to be valid:
 * `JSON.parse` would change numbers that a double cannot hold, and drop the first of two members of one name.
 *
 * @param open where the bracket or brace is
 */
export function partsOf(json: Buffer, open: number): readonly Part[] {
  const parts: Part[] = [];
  let at = open + 1;
  for (;;) {
    while (blanks.has(json[at]!) || json[at] === comma || json[at] === 0x3a) at++;
    if (closing.has(json[at]!)) return parts;
    const end = endOf(json, at);
    parts.push({ start: at, end });
    at = end;
  }
}

function endOf(json: Buffer, start: number): number {
  if (json[start] === quote) return endOfString(json, start);
  if (!opening.has(json[start]!)) return endOfWord(json, start);
  let depth = 0;
  for (let at = start; ; ) {
    const byte = json[at]!;
    if (byte === quote) {
      at = endOfString(json, at);
      continue;
    }
    if (opening.has(byte)) depth++;
    if (closing.has(byte)) depth--;
    at++;
    if (depth === 0) return at;
  }
}

function endOfString(json: Buffer, start: number): number {
  let at = start + 1;
  while (json[at] !== quote) at += json[at] === backslash ? 2 : 1;
  return at + 1;
}

function endOfWord(json: Buffer, start: number): number {
  let at = start;
  while (at < json.length && !blanks.has(json[at]!) && json[at] !== comma && !closing.has(json[at]!)) at++;
  return at;
}
