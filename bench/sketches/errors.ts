import { hash64 } from '../../domain/bytes/hash64';
import {
  emptySketch,
  estimate,
  type Precision,
  standardError,
  touch,
  touchOf,
} from '../../domain/visitors/sketch';

/** How far estimates are off at one number of distinct ids, over several sets of ids. */
export interface ErrorRow {
  readonly precision: Precision;
  readonly distinct: number;
  readonly sets: number;
  /** As shares of the truth: the root of the mean square, the mean with its sign, and the largest. */
  readonly rms: number;
  readonly bias: number;
  readonly largest: number;
  readonly standardError: number;
}

export interface ErrorMeasurement {
  readonly rows: readonly ErrorRow[];
  /** Ids hashed and added, to sketches of both precisions, a second. */
  readonly addedPerSecond: number;
}

export interface ErrorSizes {
  /** Numbers of distinct ids, ascending. */
  readonly distinct: readonly number[];
  /** How many sets of ids are tried at a number. */
  readonly setsAt: (distinct: number) => number;
}

const precisions: readonly Precision[] = [10, 12];

/**
 * Adds so many distinct ids to a sketch, each as the aggregator would, and compares the estimate with how many there
 * were. Ids look like those of real senders: a prefix that they share, and a number.
 */
export function measureErrors({ distinct, setsAt }: ErrorSizes): ErrorMeasurement {
  const errors = new Map<string, number[]>();
  const started = process.hrtime.bigint();
  let added = 0;
  for (let set = 0; set < Math.max(...distinct.map(setsAt)); set++) {
    const wanted = distinct.filter((count) => set < setsAt(count));
    const sketches = precisions.map(emptySketch);
    for (let id = 1; id <= wanted.at(-1)!; id++) {
      const hash = hash64(`visitor-${set}-${id}`);
      for (const sketch of sketches) touch(sketch, touchOf(sketch.precision, hash));
      added++;
      if (!wanted.includes(id)) continue;
      for (const sketch of sketches) {
        const key = `${sketch.precision} ${id}`;
        errors.set(key, [...(errors.get(key) ?? []), estimate(sketch) / id - 1]);
      }
    }
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const rows = precisions.flatMap((precision) =>
    distinct.map((count) => errorRow(precision, count, errors.get(`${precision} ${count}`) ?? [])),
  );
  return { rows, addedPerSecond: added / seconds };
}

function errorRow(precision: Precision, distinct: number, errors: readonly number[]): ErrorRow {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
  return {
    precision,
    distinct,
    sets: errors.length,
    rms: Math.sqrt(mean(errors.map((error) => error ** 2))),
    bias: mean(errors),
    largest: Math.max(...errors.map(Math.abs)),
    standardError: standardError(precision),
  };
}
