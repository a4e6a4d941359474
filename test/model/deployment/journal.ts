import { Violation } from '../truth/log-truth';

/** How often what came to pass, for tests to see that a schedule reaches what it is there for. */
const nothing = {
  ...{ appended: 0, refused: 0, cut: 0, duplicates: 0, givenUp: 0, resets: 0, zombies: 0, reshards: 0 },
  ...{ compactions: 0, itemsRetried: 0, settled: 0, withoutRoom: 0, expired: 0, jumps: 0, restores: 0 },
  ...{ views: 0, polls: 0, repaired: 0, tooEarly: 0, left: 0, rebuilds: 0, corrected: 0 },
};

/** What came to pass in a schedule: how often, step by step, and the first thing that was not as it must be. */
export class Journal {
  readonly occurred = { ...nothing };
  /** Of each step, if `MODEL_TRACE` asks for it. */
  readonly trace: string[] = [];
  private found: Violation | undefined;

  /** @param now epoch milliseconds */
  constructor(private readonly now: () => number) {}

  note(text: () => string): void {
    if (process.env.MODEL_TRACE) this.trace.push(`${new Date(this.now()).toISOString()} ${text()}`);
  }

  /** Keeps a violation until a step is over: the product may take it for a failure of the table. */
  report(error: unknown): void {
    this.found ??= asViolation(error);
  }

  /** @throws Violation if one was reported */
  throwReported(): void {
    if (this.found) throw this.found;
  }
}

export function asViolation(error: unknown): Violation {
  return error instanceof Violation
    ? error
    : new Violation(String(error instanceof Error ? error.stack : error));
}
