import { merge, type Sketch } from '../visitors/sketch';
import { decodeSketch } from '../visitors/sketch-bytes';
import { type Counts, noCounts } from './delta';
import { emptyContent, type ItemContent } from './item';

/** A value that is not counted as often as it should be. */
export interface CountDifference {
  readonly dimension: string;
  /** Undefined for the sum of all values, where some had no room. */
  readonly value: string | undefined;
  readonly counted: number;
  readonly expected: number;
}

/** Where values had no room, only sums can be compared: which values had room depends on the log's order. */
export function countDifferences(
  counted: ItemContent | undefined,
  expected: ItemContent | undefined,
): CountDifference[] {
  const [held, must] = [counted ?? emptyContent(), expected ?? emptyContent()];
  return [...new Set([...held.counts.keys(), ...must.counts.keys()])].flatMap(
    (dimension): CountDifference[] => {
      const [a, b] = [held.counts.get(dimension) ?? noCounts(), must.counts.get(dimension) ?? noCounts()];
      if (a.other !== 0 || b.other !== 0) {
        const sums = { counted: sumOf(a), expected: sumOf(b) };
        return sums.counted === sums.expected ? [] : [{ dimension, value: undefined, ...sums }];
      }
      return [...new Set([...a.values.keys(), ...b.values.keys()])]
        .map((value) => ({
          dimension,
          value,
          counted: a.values.get(value) ?? 0,
          expected: b.values.get(value) ?? 0,
        }))
        .filter((difference) => difference.counted !== difference.expected);
    },
  );
}

/** All events of a dimension in a window. */
export function sumOf({ values, other }: Counts): number {
  let sum = other;
  for (const count of values.values()) sum += count;
  return sum;
}

/** A sketch that lacks something, or has what it should not. */
export interface SketchDifference {
  /** Undefined for all values that share a sketch. */
  readonly value: string | undefined;
  readonly lacks: boolean;
  readonly hasTooMuch: boolean;
}

export function sketchDifferences(
  counted: ItemContent | undefined,
  expected: ItemContent | undefined,
): SketchDifference[] {
  const [held, must] = [counted ?? emptyContent(), expected ?? emptyContent()];
  if (held.otherSketch || must.otherSketch) {
    const difference = compareSketches(unionOf(held), unionOf(must));
    return difference ? [{ value: undefined, ...difference }] : [];
  }
  return [...new Set([...held.sketches.keys(), ...must.sketches.keys()])].flatMap((value) => {
    const [a, b] = [held.sketches.get(value), must.sketches.get(value)];
    const difference = compareSketches(a && decodeSketch(a), b && decodeSketch(b));
    return difference ? [{ value, ...difference }] : [];
  });
}

function compareSketches(
  counted: Sketch | undefined,
  expected: Sketch | undefined,
): Omit<SketchDifference, 'value'> | undefined {
  const registers = Math.max(counted?.registers.length ?? 0, expected?.registers.length ?? 0);
  let [lacks, hasTooMuch] = [false, false];
  for (let register = 0; register < registers; register++) {
    const [a, b] = [counted?.registers[register] ?? 0, expected?.registers[register] ?? 0];
    if (a < b) lacks = true;
    if (a > b) hasTooMuch = true;
  }
  return lacks || hasTooMuch ? { lacks, hasTooMuch } : undefined;
}

/** The sketch of all values of an item together. */
function unionOf({ sketches, otherSketch }: ItemContent): Sketch | undefined {
  let union: Sketch | undefined;
  for (const bytes of [...sketches.values(), ...(otherSketch ? [otherSketch] : [])]) {
    const sketch = decodeSketch(bytes);
    if (union) merge(union, sketch);
    else union = sketch;
  }
  return union;
}
