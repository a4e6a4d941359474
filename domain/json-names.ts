import { isAscii } from 'node:buffer';

const backslash = 0x5c;

/** What the memory for paths may hold; with more of any, names are compared as text or learned anew. */
const maxNames = 64;
const maxNameBytes = 64;
const maxBranches = 8;
const maxPaths = 1024;

/**
 * The names of an object up to one of them, in their order: a step of a path that objects took before. A step is
 * made only after a name that none of the steps before it has, so that an object that keeps to a path has no name
 * twice. Events have few shapes; most of their names are told by comparing a handful of bytes.
 */
export class NamePath {
  /** What may come next, as far as it is known. */
  readonly next: NamePath[] = [];
  readonly isAscii: boolean;

  /** @param bytes of the name, with its quotes */
  constructor(
    readonly bytes: Buffer,
    readonly text: string,
    /** Among the names that are looked for; -1 for any other. */
    readonly index: number,
    readonly before: NamePath | undefined,
    readonly length: number,
  ) {
    this.isAscii = isAscii(bytes);
  }

  /** The step that the name with its opening quote at a place makes. */
  follow(bytes: Buffer, at: number, end: number): NamePath | undefined {
    const { next } = this;
    for (let branch = 0; branch < next.length; branch++) {
      const step = next[branch]!;
      if (stands(step.bytes, bytes, at, end)) return step;
    }
    return undefined;
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
  private count = 0;

  constructor(names: readonly string[]) {
    this.indices = new Map(names.map((name, index) => [name, index]));
  }

  /** Among the names that are looked for; -1 for any other. */
  indexOf(text: string): number {
    return this.indices.get(text) ?? -1;
  }

  /** A further step of a path, or undefined for a name that paths do not take. It is not one of the path's names. */
  learn(path: NamePath, text: string, bytes: Buffer, start: number, end: number): NamePath | undefined {
    if (path.length === maxNames || end - start > maxNameBytes) return undefined;
    if (bytes.subarray(start, end).includes(backslash)) return undefined;
    if (++this.count > maxPaths) {
      this.count = 0;
      this.start = newStart();
    }
    if (path.next.length === maxBranches) path.next.length = 0;
    const name = Buffer.from(bytes.subarray(start, end));
    const step = new NamePath(name, text, this.indexOf(text), path, path.length + 1);
    path.next.push(step);
    return step;
  }
}

function newStart(): NamePath {
  return new NamePath(Buffer.alloc(0), '', -1, undefined, 0);
}

function stands(name: Buffer, bytes: Buffer, at: number, end: number): boolean {
  if (at + name.length > end) return false;
  for (let index = 0; index < name.length; index++) {
    if (name[index] !== bytes[at + index]) return false;
  }
  return true;
}
