/**
 * The rules of reading a line, plainly: names as text, a member as an object, every field decoded. `domain/` reads the
 * same from bytes, faster; tests hold the two equal.
 */
/** A member of the outermost object: its name, the kind of its value, and where the value’s bytes are. */
export interface Member {
  readonly name: string;
  readonly kind: 'string' | 'number' | 'literal' | 'object' | 'array';
  readonly start: number;
  /** One past the value's last byte. */
  readonly end: number;
}

export type ScanFault = 'not_json' | 'not_object' | 'too_deep' | 'duplicate_key' | 'forbidden_key';

export type Scan =
  /** `end` is the place of the closing brace. */
  | { readonly ok: true; readonly members: readonly Member[]; readonly end: number }
  | { readonly ok: false; readonly reason: ScanFault };

/** Objects and arrays may be nested this deep, the outermost object counted. */
export const maxDepth = 32;

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
const nine = 0x39;
const exponents = [0x65, 0x45];
const escapes = new Set([...'"\\/bfnrt'].map((character) => character.charCodeAt(0)));
const literals = ['true', 'false', 'null'].map((word) => Buffer.from(word));

/** Thrown within the scanner, one for each reason: a stack trace for each of a record's bad lines would take seconds. */
class Fault {
  constructor(readonly reason: ScanFault) {}
}

const notJson = new Fault('not_json');
const tooDeep = new Fault('too_deep');
const duplicateKey = new Fault('duplicate_key');
const forbiddenKey = new Fault('forbidden_key');

/**
 * Scans one JSON object in well-formed UTF-8 (the caller has checked that).
 * The first fault from the left decides the reason.
 */
export function scanObject(bytes: Buffer): Scan {
  const cursor = new Cursor(bytes);
  try {
    cursor.skipBlank();
    const isObject = cursor.peek() === openBrace;
    const members: Member[] = [];
    cursor.value(1, isObject ? members : undefined);
    const end = cursor.at - 1;
    cursor.skipBlank();
    if (cursor.at < bytes.length) return { ok: false, reason: 'not_json' };
    return isObject ? { ok: true, members, end } : { ok: false, reason: 'not_object' };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, reason: error.reason };
    throw error;
  }
}

/** The text of a string value, from its opening to its closing quote. */
export function decodeString(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start + 1, end - 1);
  return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
}

class Cursor {
  at = 0;

  constructor(private readonly bytes: Buffer) {}

  /** The byte under the cursor; -1 past the end, which no comparison takes for a byte. */
  peek(): number {
    return this.bytes[this.at] ?? -1;
  }

  skipBlank(): void {
    for (;;) {
      const byte = this.peek();
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.at++;
    }
  }

  /** Passes one value. The recursion is safe, because `maxDepth` bounds it. */
  value(depth: number, members?: Member[]): Member['kind'] {
    const byte = this.peek();
    if (byte === quote) return this.string();
    if (byte === openBrace) return this.object(depth, members);
    if (byte === openBracket) return this.array(depth);
    if (byte === minus || isDigit(byte)) return this.number();
    return this.literal();
  }

  private object(depth: number, members?: Member[]): 'object' {
    if (depth > maxDepth) throw tooDeep;
    const names = new Names();
    this.at++;
    this.skipBlank();
    if (this.peek() === closeBrace) return this.pass('object');
    for (;;) {
      const name = this.name();
      if (name === '__proto__') throw forbiddenKey;
      // The names of the outermost object are columns, whose case nobody tells apart.
      if (!names.add(depth === 1 ? name.toLowerCase() : name)) throw duplicateKey;
      this.expect(colon);
      this.skipBlank();
      const start = this.at;
      const kind = this.value(depth + 1);
      members?.push({ name, kind, start, end: this.at });
      this.skipBlank();
      if (this.peek() === closeBrace) return this.pass('object');
      this.expect(comma);
      this.skipBlank();
    }
  }

  private array(depth: number): 'array' {
    if (depth > maxDepth) throw tooDeep;
    this.at++;
    this.skipBlank();
    if (this.peek() === closeBracket) return this.pass('array');
    for (;;) {
      this.value(depth + 1);
      this.skipBlank();
      if (this.peek() === closeBracket) return this.pass('array');
      this.expect(comma);
      this.skipBlank();
    }
  }

  private name(): string {
    const start = this.at;
    if (this.peek() !== quote) throw notJson;
    this.string();
    const name = decodeString(this.bytes, start, this.at);
    this.skipBlank();
    return name;
  }

  private string(): 'string' {
    this.at++;
    for (;;) {
      const byte = this.peek();
      if (byte === quote) return this.pass('string');
      if (byte < 0x20) throw notJson;
      this.at++;
      if (byte === backslash) this.escape();
    }
  }

  private escape(): void {
    const byte = this.peek();
    this.at++;
    if (escapes.has(byte)) return;
    if (byte !== 0x75) throw notJson;
    for (let digits = 0; digits < 4; digits++, this.at++) {
      if (!isHexDigit(this.peek())) throw notJson;
    }
  }

  private number(): 'number' {
    if (this.peek() === minus) this.at++;
    if (this.peek() === zero) this.at++;
    else this.digits();
    if (this.peek() === dot) {
      this.at++;
      this.digits();
    }
    if (exponents.includes(this.peek())) {
      this.at++;
      if (this.peek() === minus || this.peek() === plus) this.at++;
      this.digits();
    }
    return 'number';
  }

  private digits(): void {
    if (!isDigit(this.peek())) throw notJson;
    while (isDigit(this.peek())) this.at++;
  }

  private literal(): 'literal' {
    for (const word of literals) {
      if (this.peek() === word[0] && this.bytes.subarray(this.at, this.at + word.length).equals(word)) {
        this.at += word.length;
        return 'literal';
      }
    }
    throw notJson;
  }

  private expect(byte: number): void {
    if (this.peek() !== byte) throw notJson;
    this.at++;
  }

  private pass<Kind extends Member['kind']>(kind: Kind): Kind {
    this.at++;
    return kind;
  }
}

/** The names seen in one object. Almost all objects are small, where a list is quicker to make and to search. */
class Names {
  private readonly few: string[] = [];
  private many: Set<string> | undefined;

  /** False if the name was there already. */
  add(name: string): boolean {
    if (this.many) {
      if (this.many.has(name)) return false;
      this.many.add(name);
      return true;
    }
    if (this.few.includes(name)) return false;
    this.few.push(name);
    if (this.few.length > 16) this.many = new Set(this.few);
    return true;
  }
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= nine;
}

function isHexDigit(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}
