import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../../cli/setup-error';
import { windowMs } from '../../domain/counters/window';
import type { LabelledSeries } from './evaluate';

/** The series of NAB that count something: mentions, rides and requests. The others are temperatures, loads and prices. */
function isOfCounts(path: string): boolean {
  return (
    path.startsWith('realTweets/') ||
    path === 'realKnownCause/nyc_taxi.csv' ||
    /\/elb_request_count_/.test(path)
  );
}

/**
 * Reads a checkout of the Numenta Anomaly Benchmark, its values summed up by hours, in the order of their paths.
 *
 * @param folder with `data/` and `labels/combined_windows.json`
 * @throws SetupError if it is none
 */
export function readNab(folder: string): readonly LabelledSeries[] {
  try {
    const text = readFileSync(join(folder, 'labels/combined_windows.json'), 'utf8');
    const labels = JSON.parse(text) as Record<string, [string, string][]>;
    return Object.entries(labels)
      .filter(([path]) => isOfCounts(path))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, windows]) => readSeries(folder, path, windows));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SetupError(`--nab ${folder} is no checkout of NAB: ${why}`);
  }
}

function readSeries(
  folder: string,
  path: string,
  windows: readonly (readonly [string, string])[],
): LabelledSeries {
  const lines = readFileSync(join(folder, 'data', path), 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1);
  const values = lines.map((line) => {
    const [time = '', value] = line.split(',');
    return { hour: hourOf(time), value: Number(value) };
  });
  const first = values.reduce((least, { hour }) => Math.min(least, hour), Number.POSITIVE_INFINITY);
  const last = values.reduce((most, { hour }) => Math.max(most, hour), 0);
  const counts = new Array<number>(last - first + 1).fill(0);
  for (const { hour, value } of values) counts[hour - first]! += value;
  return {
    name: path,
    counts,
    windows: windows.map(([from, to]) => ({ from: hourOf(from) - first, to: hourOf(to) - first + 1 })),
  };
}

/** @throws Error for what is no time */
function hourOf(time: string): number {
  const at = Date.parse(`${time.trim().replace(' ', 'T').slice(0, 19)}Z`);
  if (Number.isNaN(at)) throw new Error(`"${time}" is no time`);
  return Math.floor(at / windowMs.hour);
}
