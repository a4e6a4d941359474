import type { Position } from '../event/position';
import type { Click } from '../event/record';
import type { PlacedLine } from '../event/shard-lines';
import type { Hash64 } from '../numbers/hash64';
import { type Touch, touchOf } from '../visitors/sketch';
import type { Unique } from '../visitors/uniques';
import { counterValue } from './counter-value';
import { type Counts, type DeltaContent, type DimensionDelta, noCounts, type Windows } from './delta';
import { bodyBytes } from './delta-body';
import { type Dimension, dimensions, valueIn } from './dimensions';
import { type WindowSize, windowMs, windowSizes, windowStart } from './window';

/** What bounds a delta: it is closed before it would pass one of them. A single event may. */
export interface DeltaLimits {
  /** Of its body before compression, so that the table takes it whatever its values are. */
  readonly bytes: number;
  /** Items that its compaction touches. */
  readonly items: number;
  /** Valid events, whose ids stand in one item. */
  readonly events: number;
}

export const deltaLimits: DeltaLimits = { bytes: 300_000, items: 4_000, events: 30_000 };

/** An event as far as it decides whether it is a duplicate. */
export interface SeenEvent {
  readonly hash: Hash64;
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
}

/** Whether a valid event is a duplicate. Called once per valid event, in the shard's order. */
export type DuplicateFilter = (event: SeenEvent) => boolean;

/** What became of lines. */
export interface EventCounts {
  lines: number;
  /** Duplicates included, as in the archive. */
  valid: number;
  duplicates: number;
  late: number;
  readonly invalidByReason: Map<string, number>;
}

export function noEvents(): EventCounts {
  return { lines: 0, valid: 0, duplicates: 0, late: 0, invalidByReason: new Map() };
}

/** What some lines of a shard come to, in one delta. */
export interface Folded {
  readonly first: Position;
  readonly last: Position;
  /** The latest arrival, in epoch milliseconds. */
  readonly arrivedAt: number;
  readonly content: DeltaContent;
  /** The valid events, duplicates included, in the order of the shard. */
  readonly events: readonly SeenEvent[];
  readonly counts: EventCounts;
}

export interface FoldOptions {
  /**
   * An event that arrives later than so many days after it happened counts in its hour and its day, and not in its minute:
   * an old log that is imported touches hundreds of hours, and not thousands of minutes. 0 counts every minute.
   */
  readonly minutesForDays: number;
  /** Without it, no event is a duplicate. */
  readonly isDuplicate?: DuplicateFilter | undefined;
  /** What is counted by sketches. */
  readonly uniques?: readonly Unique[];
  readonly limits?: DeltaLimits;
}

/**
 * Folds lines of one shard, in its order, into deltas: as few as the limits allow. Pure: a redelivery, a repair and a
 * recomputation from the archive come to the same.
 */
export function* foldLines(
  lines: Iterable<PlacedLine>,
  { minutesForDays, isDuplicate, uniques = [], limits = deltaLimits }: FoldOptions,
): Generator<Folded> {
  const minuteMs = minutesForDays > 0 ? minutesForDays * windowMs.day : Number.POSITIVE_INFINITY;
  let open = new OpenDelta(uniques, minuteMs);
  for (const line of lines) {
    if (open.isFull(limits)) {
      yield open.close();
      open = new OpenDelta(uniques, minuteMs);
    }
    open.add(line, isDuplicate);
  }
  if (!open.isEmpty) yield open.close();
}

/** Room for the largest event, so that a delta is closed before it is too large: five values of escapes alone. */
const largestEventBytes = 8_000;
const largestEventItems = 100;

const backslash = 0x5c;

/** Bounds of a delta's body, and of the items that its compaction touches. */
interface Size {
  bytes: number;
  items: number;
}

/** A delta that is still being filled. */
class OpenDelta {
  private readonly size: Size = { bytes: 1_000, items: 0 };
  private readonly dimensions = dimensions.map((dimension) => new OpenDimension(dimension, this.size));
  private readonly sketches: readonly OpenSketches[];
  private readonly events: SeenEvent[] = [];
  private readonly counts = noEvents();
  private first: PlacedLine | undefined;
  private last: PlacedLine | undefined;
  private arrivedAt = 0;

  constructor(
    uniques: readonly Unique[],
    private readonly minuteMs: number,
  ) {
    this.sketches = uniques.map((unique) => new OpenSketches(unique, this.size));
  }

  get isEmpty(): boolean {
    return this.first === undefined;
  }

  isFull({ bytes, items, events }: DeltaLimits): boolean {
    if (this.isEmpty) return false;
    return (
      this.size.bytes + largestEventBytes > bytes ||
      this.size.items + largestEventItems > items ||
      this.events.length >= events
    );
  }

  add(line: PlacedLine, isDuplicate: DuplicateFilter | undefined): void {
    const { reading, arrivedAt } = line;
    this.first ??= line;
    this.last = line;
    if (arrivedAt > this.arrivedAt) this.arrivedAt = arrivedAt;
    this.counts.lines++;
    const duplicate = reading.ok && this.isKnown(reading, arrivedAt, isDuplicate);
    if (!reading.ok) {
      const { invalidByReason } = this.counts;
      invalidByReason.set(reading.reason, (invalidByReason.get(reading.reason) ?? 0) + 1);
    } else if (reading.late && !duplicate) this.counts.late++;
    // An invalid line has no time of its own that could be trusted, so it counts when it arrived.
    const at = reading.ok ? reading.at : arrivedAt;
    const window = arrivedAt - at > this.minuteMs ? 'hour' : 'minute';
    const start = windowStart(window, at);
    for (const open of this.dimensions) {
      const value = valueIn(open.dimension, reading, duplicate);
      if (value !== undefined) open.add(value, window, start);
    }
    // A duplicate touches the registers that its original has touched, so it may be added.
    if (reading.ok) for (const open of this.sketches) open.add(reading);
  }

  private isKnown(click: Click, arrivedAt: number, isDuplicate: DuplicateFilter | undefined): boolean {
    this.counts.valid++;
    if (!isDuplicate) return false;
    const event = { hash: click.hash('eventId')!, arrivedAt };
    this.events.push(event);
    const duplicate = isDuplicate(event);
    if (duplicate) this.counts.duplicates++;
    return duplicate;
  }

  /** Of a delta that is not empty. */
  close(): Folded {
    const { events, counts, arrivedAt } = this;
    const content: DeltaContent = { isEachWindow: false, dimensions: new Map(), sketches: new Map() };
    for (const open of this.dimensions) {
      if (!open.isEmpty) content.dimensions.set(open.dimension.name, open.close());
    }
    for (const { unique, windows, window } of this.sketches) {
      if (windows.size === 0) continue;
      const { buckets, precision } = unique;
      const sketch = { buckets, precision, windows: new Map([[window, windows] as const]) };
      content.sketches.set(sketchName(unique), sketch);
    }
    return {
      first: this.first!.position,
      last: this.last!.position,
      arrivedAt,
      content,
      events,
      counts,
    };
  }
}

/** The name under which a delta and the table keep the sketches of something. */
export function sketchName({ name, scope }: Pick<Unique, 'name' | 'scope'>): string {
  return `${name}-${scope}`;
}

/**
 * Counts the events of a shard by one dimension. Every event of the stream comes by here for each dimension: plain maps
 * from a value to its count, and the window of the event before at hand.
 */
class OpenDimension {
  private readonly windows: Windows<Counts> = new Map();
  private lastWindow: WindowSize = 'minute';
  private lastStart = Number.NaN;
  private lastCounts = noCounts();
  /** Of each value that was new to its window, the counts of that. */
  private readonly order: Counts[] = [];
  private readonly values = new Set<string>();

  constructor(
    readonly dimension: Dimension,
    private readonly size: Size,
  ) {}

  get isEmpty(): boolean {
    return this.order.length === 0;
  }

  add(raw: string, window: WindowSize, start: number): void {
    const isLast = start === this.lastStart && window === this.lastWindow;
    const counts = isLast ? this.lastCounts : this.open(window, start);
    const known = counts.values.get(raw);
    // A value that begins with a backslash may be the escaped form of another value (see `counterValue`).
    if (known !== undefined && raw.charCodeAt(0) !== backslash) counts.values.set(raw, known + 1);
    else this.addAsValue(raw, counts);
  }

  private open(window: WindowSize, start: number): Counts {
    const starts = this.windows.get(window) ?? new Map<number, Counts>();
    this.windows.set(window, starts);
    let counts = starts.get(start);
    if (!counts) {
      counts = noCounts();
      starts.set(start, counts);
      this.size.bytes += bodyBytes.window;
    }
    this.lastWindow = window;
    this.lastStart = start;
    this.lastCounts = counts;
    return counts;
  }

  private addAsValue(raw: string, counts: Counts): void {
    const { value, cut } = counterValue(raw);
    if (cut) counts.cut++;
    const known = counts.values.get(value);
    counts.values.set(value, (known ?? 0) + 1);
    if (known !== undefined) return;
    this.order.push(counts);
    this.size.bytes += bodyBytes.count;
    if (!this.values.has(value)) {
      this.values.add(value);
      this.size.bytes += bodyBytes.value(value);
    }
    // Until there are as many values as buckets, each new value may touch another item.
    if (counts.values.size <= this.dimension.buckets) this.size.items += windowSizes.length;
  }

  close(): DimensionDelta {
    const windows: Windows<Counts> = new Map();
    const numbers = new Map<Counts, number>();
    for (const size of windowSizes) {
      const starts = this.windows.get(size);
      if (!starts) continue;
      windows.set(size, starts);
      for (const counts of starts.values()) numbers.set(counts, numbers.size);
    }
    const order = this.order.map((counts) => numbers.get(counts)!);
    const isOneByOne = order.every((number, index) => index === 0 || number >= order[index - 1]!);
    return { buckets: this.dimension.buckets, windows, ...(isOneByOne ? {} : { order }) };
  }
}

/** Collects what touches the sketches of one of the things that are counted by them, in their smallest window. */
class OpenSketches {
  readonly windows = new Map<number, Map<string, Set<Touch>>>();
  readonly window: WindowSize;

  constructor(
    readonly unique: Unique,
    private readonly size: Size,
  ) {
    this.window = unique.windows[0]!;
  }

  add(click: Click): void {
    const hash = click.hash(this.unique.id);
    if (!hash) return;
    const start = windowStart(this.window, click.at);
    let values = this.windows.get(start);
    if (!values) {
      values = new Map();
      this.windows.set(start, values);
      this.size.bytes += bodyBytes.window;
    }
    const { value } = counterValue(this.unique.valueOf(click));
    let touches = values.get(value);
    if (!touches) {
      touches = new Set();
      values.set(value, touches);
      this.size.bytes += bodyBytes.value(value) + bodyBytes.touches;
      if (values.size <= this.unique.buckets) this.size.items += this.unique.windows.length;
    }
    const before = touches.size;
    touches.add(touchOf(this.unique.precision, hash));
    if (touches.size > before) this.size.bytes += bodyBytes.touch;
  }
}
