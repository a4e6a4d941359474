/**
 * A strict JSON scanner over bytes. `JSON.parse` would also tell whether text is JSON, but it silently keeps the
 * last of two members with one name, and says nothing of where a member stands. The archive keeps events byte for
 * byte, and its readers (Athena among them) fail on duplicate names, so both have to be known. The names of the outermost
 * object are columns there, and columns have no case: two that differ in nothing else are duplicates as well.
 *
 * Every event passes here, on both paths: nothing is allocated for an object whose names came before.
 */

import { wordsOf } from '../bytes/words';
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

/** Of each byte, 1 if it needs a look within a string: it ends it, escapes, is a control character, or beyond ASCII. */
const isSpecial = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === quote || byte === backslash || byte < space || byte >= firstBeyondAscii ? 1 : 0,
);

const topBits = 0x80808080;

/**
 * The same of four bytes at once: 0 if none of them is special, otherwise the lowest bit is the top bit of the first
 * that is. Subtracting sets the top bit of a byte that is too small; what it borrows for it from the byte behind, it
 * does only behind one that is special.
 */
function specialIn(word: number): number {
  return (
    (word | (word - 0x20202020) | ((word ^ 0x22222222) - 0x01010101) | ((word ^ 0x5c5c5c5c) - 0x01010101)) &
    topBits
  );
}

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
  /** A bit for each name that a member has, the lowest for the first name. */
  found = 0;
  /** The same of the members whose values are strings. */
  foundStrings = 0;
  /** Where the closing brace is. */
  closingBrace = 0;
  /** Whether line breaks stand between the tokens; within a string they would not be JSON. */
  hasLineBreaks = false;
  /** Whether no byte is beyond ASCII. Whether those are well-formed UTF-8, the scanner does not look at. */
  isAscii = true;

  private readonly columns: NamePaths;
  private readonly nested = new NamePaths([]);
  private bytes: Buffer = Buffer.alloc(0);
  private words = wordsOf(this.bytes);
  private end = 0;
  private staysOnLine = false;
  private namesToLearn = 0;

  /**
   * @param names that are looked for, with the others 31 at the most
   * @param inAnyCase the same, however they are written; their indices are behind those of `names`
   */
  constructor(names: readonly string[], inAnyCase: readonly string[] = []) {
    this.columns = new NamePaths(names, inAnyCase);
    this.places = [...names, ...inAnyCase].flatMap(() => [-1, -1]);
  }

  /**
   * Scans one object. Bytes beyond ASCII are taken within strings, whatever they are: the caller checks that they
   * are UTF-8. The first fault from the left decides the reason.
   *
   * @param start of the text in `bytes`
   * @param end one past its last byte
   * @returns what is wrong; undefined if it is one JSON object with nothing around it but blanks
   */
  scan(bytes: Buffer, start: number, end: number): ScanFault | undefined {
    this.begin(bytes, end, false);
    try {
      const first = this.blank(start);
      const behind = this.value(first, 1);
      this.closingBrace = behind - 1;
      if (this.blank(behind) < end) return 'not_json';
      return bytes[first] === openBrace ? undefined : 'not_object';
    } catch (error) {
      if (error instanceof Fault) return error.reason;
      throw error;
    }
  }

  /**
   * Scans one object that has a line for itself, without knowing where the line ends. Bytes beyond ASCII are taken as
   * by `scan`.
   *
   * @param end one past the last byte there is
   * @returns where the line feed is, or `end` if there is none; -1 if the line holds anything else than one object and
   * blanks, of which a carriage return is none here
   */
  scanLine(bytes: Buffer, start: number, end: number): number {
    this.begin(bytes, end, true);
    try {
      const first = this.blank(start);
      if (this.peek(first) !== openBrace) return -1;
      const behind = this.object(first, 1);
      this.closingBrace = behind - 1;
      let at = behind;
      while (this.peek(at) === space || this.peek(at) === tab) at++;
      return at === end || bytes[at] === lineFeed ? at : -1;
    } catch (error) {
      if (error instanceof Fault) return -1;
      throw error;
    }
  }

  private begin(bytes: Buffer, end: number, staysOnLine: boolean): void {
    this.bytes = bytes;
    this.words = wordsOf(bytes);
    this.end = end;
    this.staysOnLine = staysOnLine;
    this.namesToLearn = maxLearnedNames;
    this.found = 0;
    this.foundStrings = 0;
    this.hasLineBreaks = false;
    this.isAscii = true;
    for (let place = 0; place < this.places.length; place += 2) this.places[place] = -1;
  }

  // Each of these passes what its name says, and returns the place behind it.

  private blank(from: number): number {
    const { bytes, end } = this;
    let at = from;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      if (byte > space) break;
      if (byte === lineFeed || byte === carriageReturn) this.breakLine();
      else if (byte !== space && byte !== tab) break;
    }
    return at;
  }

  private breakLine(): void {
    if (this.staysOnLine) throw notJson;
    this.hasLineBreaks = true;
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
    const { bytes, words, end, places } = this;
    const isOutermost = depth === 1;
    const paths = isOutermost ? this.columns : this.nested;
    let at = from + 1;
    let path: NamePath | undefined = paths.start;
    let texts: Set<string> | undefined;
    for (;;) {
      let index: number;
      const step: NamePath | undefined = path?.follow(words, at, end);
      if (step) {
        path = step;
        index = step.index;
        if (!step.isAscii) this.isAscii = false;
        if (step.hasLineBreaks) this.breakLine();
        at += step.size;
        // Where the value stood further behind its name than when the step was learned.
        if (this.peek(at) <= space) at = this.blank(at);
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
        if (texts ? texts.has(text) : path!.has(text)) throw duplicateKey;
        index = paths.indexOf(name, text);
        at = this.blank(this.expect(colon, this.blank(behind)));
        const learned: NamePath | undefined =
          path && this.namesToLearn-- > 0 ? paths.learn(path, text, index, bytes, before, at) : undefined;
        if (!learned) {
          texts ??= path!.texts();
          texts.add(text);
        }
        path = learned;
      }
      const start = at;
      const isString = this.peek(at) === quote;
      at = isString ? this.string(at) : this.value(at, depth + 1);
      if (index >= 0) {
        places[2 * index] = start;
        places[2 * index + 1] = at;
        this.found |= 1 << index;
        if (isString) this.foundStrings |= 1 << index;
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
    const { words, end } = this;
    let at = from + 1;
    for (; at <= end - 4; at += 4) {
      const special = specialIn(words.getInt32(at, true));
      if (special === 0) continue;
      at += (31 - Math.clz32(special & -special)) >>> 3;
      return this.bytes[at] === quote ? at + 1 : this.restOfString(at);
    }
    return this.restOfString(at);
  }

  /** @param from a place within a string */
  private restOfString(from: number): number {
    const { bytes, end } = this;
    for (let at = from; at < end; at++) {
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
      if (isEscape(byte)) return at + 1;
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

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= 0x39;
}

function isHexDigit(byte: number): boolean {
  return isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

/** Whether a backslash may stand before it, `u` aside. */
function isEscape(byte: number): boolean {
  switch (byte) {
    case quote:
    case backslash:
    case 0x2f: // /
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return true;
    default:
      return false;
  }
}
