/**
 * A strict JSON scanner over bytes. `JSON.parse` would also tell whether text is JSON, but it silently keeps the
 * last of two members with one name, and says nothing of where a member stands. The archive keeps events byte for
 * byte, and its readers (Athena among them) fail on duplicate names, so both have to be known. The names of the outermost
 * object are columns there, and columns have no case: two that differ in nothing else are duplicates as well.
 */

import { type NamePath, NamePaths } from './json-names';
import { decodeString } from './json-string';

export type ScanFault = 'not_json' | 'not_object' | 'too_deep' | 'duplicate_key' | 'forbidden_key';

/** Objects and arrays may be nested this deep, the outermost object counted. */
export const maxDepth = 32;

/** Names that a scan may add to the memory for paths: an object of ever new ones costs more to learn than to scan. */
const maxLearnedNames = 64;

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const minus = 0x2d;
const plus = 0x2b;
const dot = 0x2e;
const zero = 0x30;
const space = 0x20;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const tab = 0x09;
const firstBeyondAscii = 0x80;

/** What may stand behind a backslash, `u` aside. */
const escapes: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'));

/** Of each byte, 1 if it needs a look within a string: it ends it, escapes, is a control character, or beyond ASCII. */
const isSpecial = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === quote || byte === backslash || byte < space || byte >= firstBeyondAscii ? 1 : 0,
);

/** Thrown within the scanner, one for each reason: a stack trace for each of a record's bad lines would take seconds. */
class Fault {
  constructor(readonly reason: ScanFault) {}
}

const notJson = new Fault('not_json');
const tooDeep = new Fault('too_deep');
const duplicateKey = new Fault('duplicate_key');
const forbiddenKey = new Fault('forbidden_key');

/**
 * Scans JSON objects, and finds members of the outermost one by name. One scanner serves any number of objects, one
 * after the other; what it found holds until the next scan.
 */
export class ObjectScanner {
  /**
   * By the index of a name, doubled: where its value's first byte is, which tells its type, or -1 for a member that
   * is not there. Behind that, one past the value's last byte.
   */
  readonly places: number[];
  /** Where the closing brace is. */
  closingBrace = 0;
  /** Whether no byte is beyond ASCII. Whether those are well-formed UTF-8, the scanner does not look at. */
  isAscii = true;

  private readonly columns: NamePaths;
  private readonly nested = new NamePaths([]);
  private bytes: Buffer = Buffer.alloc(0);
  private end = 0;
  private namesToLearn = 0;

  /**
   * @param names that are looked for
   * @param inAnyCase names that are looked for in upper and lower case; their indices are behind those of `names`
   */
  constructor(names: readonly string[], inAnyCase: readonly string[] = []) {
    this.columns = new NamePaths(names, inAnyCase);
    this.places = [...names, ...inAnyCase].flatMap(() => [-1, -1]);
  }

  /**
   * Scans one object. Bytes beyond ASCII are taken within strings, whatever they are: the caller checks that they
   * are UTF-8. The first fault from the left decides the reason.
   *
   * @returns what is wrong; undefined if it is one JSON object with nothing around it but blanks
   */
  scan(bytes: Buffer): ScanFault | undefined {
    this.bytes = bytes;
    this.end = bytes.length;
    this.namesToLearn = maxLearnedNames;
    this.isAscii = true;
    this.places.fill(-1);
    try {
      const first = this.blank(0);
      const behind = this.value(first, 1);
      this.closingBrace = behind - 1;
      if (this.blank(behind) < bytes.length) return 'not_json';
      return bytes[first] === openBrace ? undefined : 'not_object';
    } catch (error) {
      if (error instanceof Fault) return error.reason;
      throw error;
    }
  }

  // Each of these passes what its name says, and returns the place behind it.

  private blank(from: number): number {
    const { bytes, end } = this;
    let at = from;
    while (at < end && isBlank(bytes[at]!)) at++;
    return at;
  }

  /** The recursion is safe, because `maxDepth` bounds it. */
  private value(at: number, depth: number): number {
    const byte = this.peek(at);
    if (byte === quote) return this.string(at);
    if (byte === openBrace) return this.object(at, depth);
    if (byte === openBracket) return this.array(at, depth);
    if (byte === minus || isDigit(byte)) return this.number(at);
    if (byte === 0x74) return this.word('true', at);
    if (byte === 0x66) return this.word('false', at);
    return this.word('null', at);
  }

  private object(from: number, depth: number): number {
    if (depth > maxDepth) throw tooDeep;
    const { bytes, end, places } = this;
    const isOutermost = depth === 1;
    const paths = isOutermost ? this.columns : this.nested;
    let at = from + 1;
    let path: NamePath | undefined = paths.start;
    /** The names so far, once they have left the known paths. */
    let texts: Set<string> | undefined;
    for (;;) {
      let index: number;
      const step: NamePath | undefined = path?.follow(bytes, at, end);
      if (step) {
        path = step;
        index = step.index;
        // Where the value stood further behind its name than when the step was learned.
        at = this.blank(at + step.bytes.length);
      } else {
        const before = at;
        at = this.blank(at);
        if (this.peek(at) === closeBrace) return at + 1;
        if (before > from + 1) at = this.blank(this.expect(comma, at));
        if (this.peek(at) !== quote) throw notJson;
        const behind = this.string(at);
        const name = decodeString(bytes, at, behind);
        if (name === '__proto__') throw forbiddenKey;
        const text = isOutermost ? name.toLowerCase() : name;
        texts ??= path!.texts();
        if (texts.has(text)) throw duplicateKey;
        index = paths.indexOf(name);
        at = this.blank(this.expect(colon, this.blank(behind)));
        const mayLearn: boolean = path !== undefined && this.namesToLearn-- > 0;
        path = mayLearn ? paths.learn(path!, text, index, bytes.subarray(before, at)) : undefined;
        // A path knows its names itself.
        if (path) texts = undefined;
        else texts.add(text);
      }
      const start = at;
      at = this.value(at, depth + 1);
      if (index >= 0) {
        places[2 * index] = start;
        places[2 * index + 1] = at;
      }
    }
  }

  private array(from: number, depth: number): number {
    if (depth > maxDepth) throw tooDeep;
    let at = this.blank(from + 1);
    if (this.peek(at) === closeBracket) return at + 1;
    for (;;) {
      at = this.blank(this.value(at, depth + 1));
      if (this.peek(at) === closeBracket) return at + 1;
      at = this.blank(this.expect(comma, at));
    }
  }

  private string(from: number): number {
    const { bytes, end } = this;
    for (let at = from + 1; at < end; at++) {
      const byte = bytes[at]!;
      // One comparison for most bytes, which hardly ever goes the other way, is faster than four.
      if (isSpecial[byte] === 0) continue;
      if (byte === quote) return at + 1;
      if (byte === backslash) at = this.escape(at + 1) - 1;
      else if (byte < space) throw notJson;
      else this.isAscii = false;
    }
    throw notJson;
  }

  /** What stands behind a backslash. */
  private escape(at: number): number {
    const byte = this.peek(at);
    if (byte !== 0x75) {
      if (escapes.has(byte)) return at + 1;
      throw notJson;
    }
    for (let digit = 1; digit <= 4; digit++) {
      if (!isHexDigit(this.peek(at + digit))) throw notJson;
    }
    return at + 5;
  }

  private number(from: number): number {
    let at = this.peek(from) === minus ? from + 1 : from;
    at = this.peek(at) === zero ? at + 1 : this.digits(at);
    if (this.peek(at) === dot) at = this.digits(at + 1);
    if ((this.peek(at) | 0x20) !== 0x65) return at;
    at++;
    return this.digits(this.peek(at) === minus || this.peek(at) === plus ? at + 1 : at);
  }

  private digits(from: number): number {
    if (!isDigit(this.peek(from))) throw notJson;
    const { bytes, end } = this;
    let at = from + 1;
    while (at < end && isDigit(bytes[at]!)) at++;
    return at;
  }

  private word(word: string, at: number): number {
    for (let index = 0; index < word.length; index++) {
      if (this.peek(at + index) !== word.charCodeAt(index)) throw notJson;
    }
    return at + word.length;
  }

  private expect(byte: number, at: number): number {
    if (this.peek(at) !== byte) throw notJson;
    return at + 1;
  }

  /** The byte at a place; -1 past the end, which no comparison takes for a byte. */
  private peek(at: number): number {
    return at < this.end ? this.bytes[at]! : -1;
  }
}

function isBlank(byte: number): boolean {
  return byte === space || byte === lineFeed || byte === carriageReturn || byte === tab;
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= 0x39;
}

function isHexDigit(byte: number): boolean {
  return isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}
