import { isAscii } from 'node:buffer';
import { wordsOf } from '../bytes/words';

const backslash = 0x5c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** What the memory for paths may hold; with more of any, names are compared as text or learned anew. */
const maxNames = 64;
const maxStepBytes = 96;
const maxBranches = 8;
const maxPaths = 1024;

const wordBytes = 4;

/**
 * The names of an object up to one of them, in their order: a step of a path that objects took before. A step is
 * made only after a name that none of the steps before it has, so that an object that keeps to a path has no name
 * twice. Events have few shapes; most of what stands between their values is told by comparing a handful of words.
 */
export class NamePath {
  /** What may come next, as far as it is known. */
  readonly next: NamePath[] = [];
  readonly size: number;
  readonly isAscii: boolean;
  readonly hasLineBreaks: boolean;
  /** The step's bytes by fours, up to its last four, which may overlap them. */
  private readonly words: Int32Array;
  private readonly lastWord: number;

  /** @param bytes all that stands between two values, the comma, blanks and the colon included */
  constructor(
    bytes: Buffer,
    /** The name, as it is compared to others. */
    readonly text: string,
    /** Among the names that are looked for; -1 for any other. */
    readonly index: number,
    readonly before: NamePath | undefined,
    readonly length: number,
  ) {
    const words = wordsOf(bytes);
    const wordAt = (at: number) => words.getInt32(at, true);
    this.size = bytes.length;
    this.words = Int32Array.from({ length: Math.ceil(bytes.length / wordBytes) - 1 }, (_, index) =>
      wordAt(index * wordBytes),
    );
    this.lastWord = wordAt(bytes.length - wordBytes);
    this.isAscii = isAscii(bytes);
    this.hasLineBreaks = bytes.includes(lineFeed) || bytes.includes(carriageReturn);
  }

  /** The step that is made by what stands at a place, behind a value or an opening brace. */
  follow(words: DataView, at: number, end: number): NamePath | undefined {
    const { next } = this;
    for (let branch = 0; branch < next.length; branch++) {
      const step = next[branch]!;
      if (at + step.size <= end && step.stands(words, at)) return step;
    }
    return undefined;
  }

  private stands(words: DataView, at: number): boolean {
    const own = this.words;
    let place = at;
    for (let index = 0; index < own.length; index++, place += wordBytes) {
      if (words.getInt32(place, true) !== own[index]) return false;
    }
    return words.getInt32(at + this.size - wordBytes, true) === this.lastWord;
  }

  has(text: string): boolean {
    for (let step: NamePath = this; step.before; step = step.before) {
      if (step.text === text) return true;
    }
    return false;
  }

  texts(): Set<string> {
    const texts = new Set<string>();
    for (let step: NamePath = this; step.before; step = step.before) texts.add(step.text);
    return texts;
  }
}

/** The paths that are known. */
export class NamePaths {
  /** Where every object begins. */
  start = newStart();
  private readonly indices: ReadonlyMap<string, number>;
  private readonly indicesInAnyCase: ReadonlyMap<string, number>;
  private count = 0;

  /** @param inAnyCase names that are looked for, too, however they are written; their indices are behind the others */
  constructor(names: readonly string[], inAnyCase: readonly string[] = []) {
    this.indices = new Map(names.map((name, index) => [name, index]));
    this.indicesInAnyCase = new Map(
      inAnyCase.map((name, index) => [name.toLowerCase(), names.length + index]),
    );
  }

  /**
   * Among the names that are looked for; -1 for any other.
   *
   * @param lowerCase the same text in lower case
   */
  indexOf(text: string, lowerCase: string): number {
    return this.indices.get(text) ?? this.indicesInAnyCase.get(lowerCase) ?? -1;
  }

  /**
   * A further step of a path, or undefined for one that paths do not take.
   *
   * @param text the name, as it is compared to others, which is not one of the path's
   * @param index of the name, see `indexOf`
   * @param start behind the opening brace or the value before
   * @param end where the name's value begins
   */
  learn(
    path: NamePath,
    text: string,
    index: number,
    bytes: Buffer,
    start: number,
    end: number,
  ): NamePath | undefined {
    if (path.length === maxNames || end - start > maxStepBytes || end - start < wordBytes) return undefined;
    const step = Buffer.from(bytes.subarray(start, end));
    if (step.includes(backslash)) return undefined;
    if (++this.count > maxPaths) {
      this.count = 0;
      this.start = newStart();
    }
    if (path.next.length === maxBranches) path.next.length = 0;
    const learned = new NamePath(step, text, index, path, path.length + 1);
    path.next.push(learned);
    return learned;
  }
}

function newStart(): NamePath {
  return new NamePath(Buffer.alloc(wordBytes), '', -1, undefined, 0);
}
