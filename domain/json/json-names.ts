const backslash = 0x5c;
const firstBeyondAscii = 0x80;

/** What the memory for paths may hold; with more of any, names are compared as text or learned anew. */
const maxNames = 64;
const maxStepBytes = 96;
const maxBranches = 8;
const maxPaths = 1024;

/**
 * A path is the names of an object, in their order, up to one of them. A step is made only after a name that none of the
 * steps before it has, so that an object that keeps to a path has no name twice.
 */
export class NamePath {
  /** The steps that are known to follow. */
  readonly next: NamePath[] = [];

  constructor(
    /** All that stands between two values: comma, blanks, name and colon. */
    readonly bytes: Buffer,
    /** The name, as it is compared to others. */
    readonly text: string,
    /** Among the names that are looked for; -1 for any other. */
    readonly index: number,
    readonly before: NamePath | undefined,
    readonly length: number,
  ) {}

  /** The step whose bytes stand at `at`, behind a value or an opening brace. */
  follow(bytes: Buffer, at: number, end: number): NamePath | undefined {
    const { next } = this;
    for (let branch = 0; branch < next.length; branch++) {
      const step = next[branch]!;
      if (at + step.bytes.length <= end && step.stands(bytes, at)) return step;
    }
    return undefined;
  }

  private stands(bytes: Buffer, at: number): boolean {
    const own = this.bytes;
    for (let index = 0; index < own.length; index++) if (bytes[at + index] !== own[index]) return false;
    return true;
  }

  texts(): Set<string> {
    const texts = new Set<string>();
    for (let step: NamePath = this; step.before; step = step.before) texts.add(step.text);
    return texts;
  }
}

/**
 * The paths that objects took before. Events have few shapes, so that most names are recognized by their bytes, without
 * making text of them. Without this, whole invocations take 1.3 times as long (decision 2).
 */
export class NamePaths {
  /** Where every object begins. */
  start = newStart();
  private readonly indices: ReadonlyMap<string, number>;
  private readonly indicesInAnyCase: ReadonlyMap<string, number>;
  private count = 0;

  /** @param inAnyCase names that are looked for in upper and lower case; their indices are behind those of `names` */
  constructor(names: readonly string[], inAnyCase: readonly string[] = []) {
    this.indices = new Map(names.map((name, index) => [name, index]));
    this.indicesInAnyCase = new Map(
      inAnyCase.map((name, index) => [name.toLowerCase(), names.length + index]),
    );
  }

  /** The index of a name among those that are looked for; -1 for any other. */
  indexOf(name: string): number {
    return this.indices.get(name) ?? this.indicesInAnyCase.get(name.toLowerCase()) ?? -1;
  }

  /**
   * Adds a step to a path.
   *
   * @param text the name, as it is compared to others; the path does not have it
   * @param index of the name, see `indexOf`
   * @param step all that stands from the opening brace or the value before to the name's value
   * @returns undefined if the step is not worth keeping
   */
  learn(path: NamePath, text: string, index: number, step: Buffer): NamePath | undefined {
    if (path.length === maxNames || step.length > maxStepBytes) return undefined;
    if (step.some((byte) => byte === backslash || byte >= firstBeyondAscii)) return undefined;
    if (++this.count > maxPaths) {
      this.count = 0;
      this.start = newStart();
    }
    if (path.next.length === maxBranches) path.next.length = 0;
    const learned = new NamePath(Buffer.from(step), text, index, path, path.length + 1);
    path.next.push(learned);
    return learned;
  }
}

function newStart(): NamePath {
  return new NamePath(Buffer.alloc(0), '', -1, undefined, 0);
}
