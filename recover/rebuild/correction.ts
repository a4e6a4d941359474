import { bucketOf } from '../../domain/counters/bucket';
import { type Counts, type DeltaContent, noCounts, type Windows } from '../../domain/counters/delta';
import { bodyBytes } from '../../domain/counters/delta-body';
import type { CountDifference, ShardDifference, SketchDifference } from '../../domain/counters/difference';
import { dimensions } from '../../domain/counters/dimensions';
import { type DeltaLimits, sketchName } from '../../domain/counters/fold';
import type { RetentionDays } from '../../domain/counters/item';
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
  const arrivalOf = ({ expiresAt, size }: CountDifference | SketchDifference): number =>
    expiresAt * 1000 - retentionDays[size] * windowMs.day;
  const all = [...counts, ...sketches].map((one) => ({ one, arrivedAt: arrivalOf(one) }));
  all.sort((a, b) => a.arrivedAt - b.arrivedAt);
  let open: OpenCorrection | undefined;
  for (const { one, arrivedAt } of all) {
    if (open?.isFull(limits, arrivedAt)) {
      yield open.close();
      open = undefined;
    }
    open ??= new OpenCorrection(arrivedAt);
    if ('of' in one) open.addCount(one, arrivedAt);
    else open.addSketch(one, arrivedAt);
  }
  if (open) yield open.close();
}

/** Room for the largest difference: all registers of a sketch. */
const largestBytes = 40_000;

class OpenCorrection {
  private readonly content: DeltaContent = { isEachWindow: true, dimensions: new Map(), sketches: new Map() };
  private readonly items = new Set<string>();
  private bytes = 1_000;
  private latest = 0;

  constructor(private readonly earliest: number) {}

  isFull(limits: DeltaLimits, arrivedAt: number): boolean {
    return (
      this.bytes + largestBytes > limits.bytes ||
      this.items.size >= limits.items ||
      arrivedAt - this.earliest > windowMs.day
    );
  }

  addCount({ name, size, start, of, counted, expected }: CountDifference, arrivedAt: number): void {
    // Of a dimension that there is no more, one bucket is as good as another.
    const buckets = dimensions.find((dimension) => dimension.name === name)?.buckets ?? 1;
    const dimension = this.content.dimensions.get(name) ?? { buckets, windows: new Map() };
    this.content.dimensions.set(name, dimension);
    const counts = windowIn<Counts>(dimension.windows, size, start, noCounts);
    const change = expected - counted;
    if (of === 'other') counts.other += change;
    else if (of === 'cut') counts.cut += change;
    else counts.values.set(of.value, change);
    this.note(name, size, start, typeof of === 'string' ? '' : of.value, buckets, arrivedAt);
    this.bytes += bodyBytes.count;
  }

  addSketch({ name, size, start, value, precision, missing }: SketchDifference, arrivedAt: number): void {
    const buckets = uniques.find((unique) => sketchName(unique) === name)?.buckets ?? 1;
    const sketch = this.content.sketches.get(name) ?? { buckets, precision, windows: new Map() };
    this.content.sketches.set(name, sketch);
    const values = windowIn(sketch.windows, size, start, () => new Map<string, Set<Touch>>());
    values.set(value, new Set(missing));
    this.note(name, size, start, value, buckets, arrivedAt);
    this.bytes += bodyBytes.touches + missing.size * bodyBytes.touch;
  }

  private note(
    name: string,
    size: string,
    start: number,
    value: string,
    buckets: number,
    arrivedAt: number,
  ): void {
    this.items.add(`${name} ${size} ${start} ${bucketOf(value, buckets)}`);
    this.bytes += bodyBytes.window + bodyBytes.value(value);
    this.latest = Math.max(this.latest, arrivedAt);
  }

  close(): Correction {
    return { content: this.content, arrivedAt: this.latest };
  }
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
