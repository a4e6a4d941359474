import { stat } from 'node:fs/promises';
import type { Traffic } from './options';
import type { RunStats } from './run-producer';

/** How far a run has come, where that can be told beforehand. */
export interface InputProgress {
  /** For `RunPorts`. */
  onRead(bytes: number): void;
  /** Bytes of the input, read and in all; undefined for an input without an end that is known. */
  bytes(): { readonly read: number; readonly total: number } | undefined;
  /** From 0 to 1; undefined for a run that goes on for ever. */
  fraction(stats: RunStats): number | undefined;
}

export async function createInputProgress({ input, count, durationMs }: Traffic): Promise<InputProgress> {
  const paths = input.kind === 'file' ? input.paths : [];
  const total = await totalBytes(paths);
  let read = 0;
  return {
    onRead(bytes) {
      read += bytes;
    },
    bytes: () => (total === undefined ? undefined : { read, total }),
    fraction(stats) {
      const fractions = [
        ...(total === undefined ? [] : [read / total]),
        ...(count === undefined ? [] : [stats.read / count]),
        ...(durationMs === undefined ? [] : [stats.elapsedMs / durationMs]),
      ];
      // Whichever comes first ends the run.
      return fractions.length === 0 ? undefined : Math.min(1, Math.max(...fractions));
    },
  };
}

/** Undefined for what is not a file, or not there; opening it says so better. */
async function totalBytes(paths: readonly string[]): Promise<number | undefined> {
  const sizes = await Promise.all(
    paths.map((path) =>
      path === '-'
        ? 0
        : stat(path).then(
            (file) => (file.isFile() ? file.size : 0),
            () => 0,
          ),
    ),
  );
  return sizes.length > 0 && sizes.every((size) => size > 0)
    ? sizes.reduce((sum, size) => sum + size)
    : undefined;
}

interface Sample {
  readonly fraction: number;
  readonly atMs: number;
}

/** The pace is that of so long a time. */
const windowMs = 30_000;

/**
 * Estimates how long a run still takes, from how fast it came forward of late: what is passed over on `--resume` goes
 * faster than what is sent. The function returned is called once in a while with the fraction that is done.
 */
export function createRemaining(): (fraction: number | undefined, nowMs: number) => number | undefined {
  const samples: Sample[] = [{ fraction: 0, atMs: 0 }];
  return (fraction, nowMs) => {
    if (fraction === undefined) return undefined;
    samples.push({ fraction, atMs: nowMs });
    while (samples[1] && nowMs - samples[1].atMs >= windowMs) samples.shift();
    const first = samples[0]!;
    const perMs = (fraction - first.fraction) / (nowMs - first.atMs);
    return perMs > 0 ? (1 - fraction) / perMs : undefined;
  };
}
