import type { Benchmark } from './benchmarks';

/** How one benchmark's process ended. */
export interface Ended {
  /** 0, or what was wrong: an exit code, or a signal's name. */
  readonly code: number | string;
  /** What it printed on standard output; nothing if that went to this process's own. */
  readonly printed: string;
}

export interface RunAllOptions {
  /** A line of JSON for each benchmark, instead of what it prints for people. */
  readonly json: boolean;
  /** Each shortly, and so also those that take long. */
  readonly short: boolean;
  /** Those that take many minutes as well. */
  readonly long: boolean;
}

export interface RunAllPorts {
  /** Runs one in a process of its own. */
  readonly run: (name: string, args: readonly string[]) => Promise<Ended>;
  readonly print: (text: string) => void;
  readonly now: () => number;
}

/**
 * Runs the benchmarks one after the other, those that follow a failed one too.
 *
 * @returns names of those that failed: ended badly, or printed no JSON where that was asked for
 */
export async function runAll(
  benchmarks: Readonly<Record<string, Benchmark>>,
  { json, short, long }: RunAllOptions,
  { run, print, now }: RunAllPorts,
): Promise<string[]> {
  const args = [...(json ? ['--json'] : []), ...(short ? ['--short'] : [])];
  const failed: string[] = [];
  const leftOut: string[] = [];
  for (const [benchmark, { what, takesLong }] of Object.entries(benchmarks)) {
    if (takesLong && !long && !short) {
      leftOut.push(benchmark);
      if (json) print(`${JSON.stringify({ benchmark, leftOut: true })}\n`);
      continue;
    }
    if (!json) print(`## ${benchmark}: ${what}\n\n`);
    const startedAt = now();
    const { code, printed } = await run(benchmark, args);
    const seconds = Math.round((now() - startedAt) / 100) / 10;
    const result = json ? parsed(printed) : undefined;
    if (code !== 0 || (json && result === undefined)) failed.push(benchmark);
    print(json ? `${JSON.stringify({ benchmark, code, seconds, result })}\n` : '\n');
  }
  if (!json) {
    if (leftOut.length > 0) print(`left out, since they take minutes (--long): ${leftOut.join(', ')}\n`);
    print(failed.length > 0 ? `failed: ${failed.join(', ')}\n` : 'none failed\n');
  }
  return failed;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
