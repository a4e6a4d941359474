import { type Counts, type DeltaContent, noCounts, type Windows } from '../../domain/counters/delta';
import { bodyBytes } from '../../domain/counters/delta-body';
import type { CountDifference, ShardDifference, SketchDifference } from '../../domain/counters/difference';
import { dimensions } from '../../domain/counters/dimensions';
import { type DeltaLimits, sketchName } from '../../domain/counters/fold';
import type { RetentionDays } from '../../domain/counters/retention';
import { windowMs } from '../../domain/counters/window';
import type { Touch } from '../../domain/visitors/sketch';
import { uniques } from '../../domain/visitors/uniques';

/** What one delta corrects. */
export interface Correction {
  readonly content: DeltaContent;
  /** The latest arrival in the windows that it corrects, in epoch milliseconds. */
  readonly arrivedAt: number;
}

/**
 * Cuts a difference into deltas. Windows of one delta live about as long: so that none that has gone before its compaction
 * comes back with the correction alone.
 */
export function* correctionsOf(
  { counts, sketches }: ShardDifference,
  retentionDays: RetentionDays,
  limits: DeltaLimits,
): Generator<Correction> {
  const all = [...counts, ...sketches].map((one) => ({
    one,
    arrivedAt: one.expiresAt * 1000 - retentionDays[one.size] * windowMs.day,
  }));
  all.sort((a, b) => a.arrivedAt - b.arrivedAt);
  let content = emptyCorrection();
  // Each touches an item, and some the same one.
  let [bytes, items, earliest, latest] = [0, 0, 0, 0];
  for (const { one, arrivedAt } of all) {
    const more = bytesOf(one);
    const isFull = bytes + more > limits.bytes || items >= limits.items;
    if (items > 0 && (isFull || arrivedAt - earliest > windowMs.day)) {
      yield { content, arrivedAt: latest };
      content = emptyCorrection();
      [bytes, items] = [0, 0];
    }
    if ('of' in one) addCount(content, one);
    else addSketch(content, one);
    earliest = items === 0 ? arrivedAt : earliest;
    latest = arrivedAt;
    bytes += more;
    items++;
  }
  if (items > 0) yield { content, arrivedAt: latest };
}

function emptyCorrection(): DeltaContent {
  return { isEachWindow: true, dimensions: new Map(), sketches: new Map() };
}

function bytesOf(one: CountDifference | SketchDifference): number {
  if (!('of' in one)) {
    const { value, missing } = one;
    return bodyBytes.window + bodyBytes.value(value) + bodyBytes.touches + missing.size * bodyBytes.touch;
  }
  const value = typeof one.of === 'string' ? '' : one.of.value;
  return bodyBytes.window + bodyBytes.value(value) + bodyBytes.count;
}

function addCount(
  { dimensions: corrected }: DeltaContent,
  { name, size, start, of, counted, expected }: CountDifference,
): void {
  // Of a dimension that there is no more, one bucket is as good as another.
  const buckets = dimensions.find((dimension) => dimension.name === name)?.buckets ?? 1;
  const dimension = corrected.get(name) ?? { buckets, windows: new Map() };
  corrected.set(name, dimension);
  const counts = windowIn<Counts>(dimension.windows, size, start, noCounts);
  const change = expected - counted;
  if (of === 'other') counts.other += change;
  else if (of === 'cut') counts.cut += change;
  else counts.values.set(of.value, change);
}

function addSketch(
  { sketches: corrected }: DeltaContent,
  { name, size, start, value, precision, missing }: SketchDifference,
): void {
  const buckets = uniques.find((unique) => sketchName(unique) === name)?.buckets ?? 1;
  const sketch = corrected.get(name) ?? { buckets, precision, windows: new Map() };
  corrected.set(name, sketch);
  windowIn(sketch.windows, size, start, () => new Map<string, Set<Touch>>()).set(value, new Set(missing));
}

function windowIn<Content>(
  windows: Windows<Content>,
  size: CountDifference['size'],
  start: number,
  make: () => Content,
): Content {
  const starts = windows.get(size) ?? new Map<number, Content>();
  windows.set(size, starts);
  const content = starts.get(start) ?? make();
  starts.set(start, content);
  return content;
}
