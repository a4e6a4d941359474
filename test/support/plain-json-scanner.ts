/**
 * The rules of reading an object, plainly: tokens by a regular expression, names as text in a set. `domain/json` reads the
 * same from bytes, and faster; tests hold the two equal.
 */
import { maxDepth, type ScanFault } from '../../domain/json/json-scanner';

/** A member of the outermost object. */
export interface Member {
  readonly name: string;
  /** Where its value's first byte is. */
  readonly start: number;
  /** One past the value's last byte. */
  readonly end: number;
}

export type Scan =
  /** `end` is the place of the closing brace. */
  | { readonly ok: true; readonly members: readonly Member[]; readonly end: number }
  | { readonly ok: false; readonly reason: ScanFault };

const string = String.raw`"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"`;
const number = String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?`;
const token = new RegExp(String.raw`[ \t\n\r]*(${string}|${number}|true|false|null|[{}[\],:])`, 'y');
const blanks = /[ \t\n\r]*$/y;

class Fault {
  constructor(readonly reason: ScanFault) {}
}

/** Scans one JSON object. The first fault from the left decides the reason. */
export function scanObject(bytes: Buffer): Scan {
  // A character a byte, so that places in the text are places in the bytes.
  const text = bytes.toString('latin1');
  const members: Member[] = [];
  let at = 0;
  let start = 0;

  const next = (): string => {
    token.lastIndex = at;
    const found = token.exec(text)?.[1];
    if (found === undefined) throw new Fault('not_json');
    at = token.lastIndex;
    start = at - found.length;
    return found;
  };
  const value = (first: string, depth: number): void => {
    if (first === '{') object(depth);
    else if (first === '[') array(depth);
    else if ('}],:'.includes(first)) throw new Fault('not_json');
  };
  const object = (depth: number): void => {
    if (depth > maxDepth) throw new Fault('too_deep');
    const names = new Set<string>();
    for (let name = next(); names.size > 0 || name !== '}'; name = next()) {
      if (!name.startsWith('"')) throw new Fault('not_json');
      const decoded: string = JSON.parse(Buffer.from(name, 'latin1').toString('utf8'));
      if (decoded === '__proto__') throw new Fault('forbidden_key');
      // The names of the outermost object are columns, whose case nobody tells apart.
      const column = depth === 1 ? decoded.toLowerCase() : decoded;
      if (names.has(column)) throw new Fault('duplicate_key');
      names.add(column);
      if (next() !== ':') throw new Fault('not_json');
      const first = next();
      const member = { name: decoded, start };
      value(first, depth + 1);
      if (depth === 1) members.push({ ...member, end: at });
      if (endsWith('}')) return;
    }
  };
  const array = (depth: number): void => {
    if (depth > maxDepth) throw new Fault('too_deep');
    let first = next();
    if (first === ']') return;
    for (; ; first = next()) {
      value(first, depth + 1);
      if (endsWith(']')) return;
    }
  };
  /** Whether a closing bracket comes next; otherwise it is a comma. */
  const endsWith = (bracket: string): boolean => {
    const found = next();
    if (found !== bracket && found !== ',') throw new Fault('not_json');
    return found === bracket;
  };

  try {
    const first = next();
    value(first, 1);
    const end = at - 1;
    blanks.lastIndex = at;
    if (!blanks.test(text)) return { ok: false, reason: 'not_json' };
    return first === '{' ? { ok: true, members, end } : { ok: false, reason: 'not_object' };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, reason: error.reason };
    throw error;
  }
}
