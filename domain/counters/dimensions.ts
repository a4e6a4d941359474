import { referrerHost } from '../derived/referrer';
import { type Device, deviceOf } from '../derived/user-agent';
import type { Click, Reading, Rejection } from '../event/record';

/** Something that events are counted by. */
export type Dimension =
  | DimensionOf<'click', Click>
  | DimensionOf<'duplicate', Click>
  | DimensionOf<'rejection', Rejection>;

/**
 * What a dimension counts: the events that count; the duplicates, that is, events that a producer sent once more,
 * which count nowhere else; or the lines that are no events.
 */
interface DimensionOf<Kind, Counted> {
  readonly name: string;
  /**
   * Items that a window of this dimension is spread over: what the item of one window, bucket and shard has no room for
   * counts as `(other)`, and every item costs a write in each compaction that touches it. With 1, it shares an item with
   * all others that have 1. Above 1 it may be raised at any time, since each delta says its own; lowered, a reader would
   * miss what the buckets above hold.
   */
  readonly buckets: number;
  readonly of: Kind;
  /** The value that one of them counts under; undefined if it does not count here. */
  readonly valueOf: (counted: Counted) => string | undefined;
}

/** Every dimension of the pipeline, one line each. A line added here is aggregated, stored and reported. */
export const dimensions: readonly Dimension[] = [
  { name: 'total', buckets: 1, of: 'click', valueOf: () => 'all' },
  { name: 'type', buckets: 1, of: 'click', valueOf: (click) => click.field('type') },
  { name: 'page', buckets: 8, of: 'click', valueOf: (click) => click.field('page') },
  { name: 'element', buckets: 2, of: 'click', valueOf: (click) => click.field('element') || undefined },
  { name: 'referrer', buckets: 2, of: 'click', valueOf: (click) => hostFor(click) || undefined },
  { name: 'device', buckets: 1, of: 'click', valueOf: (click) => deviceFor(click).deviceClass },
  { name: 'bot', buckets: 1, of: 'click', valueOf: (click) => (deviceFor(click).isBot ? 'bot' : 'human') },
  { name: 'status', buckets: 1, of: 'click', valueOf: ({ statusClass }) => statusClass },
  { name: 'late', buckets: 1, of: 'click', valueOf: ({ late }) => (late ? 'late' : undefined) },
  { name: 'duplicate', buckets: 1, of: 'duplicate', valueOf: () => 'duplicate' },
  { name: 'invalid', buckets: 1, of: 'rejection', valueOf: ({ reason }) => reason },
];

export const dimensionNames: readonly string[] = dimensions.map((dimension) => dimension.name);

/** The value that a line of a record counts under; undefined if it does not count in this dimension. */
export function valueIn(dimension: Dimension, reading: Reading, isDuplicate: boolean): string | undefined {
  if (!reading.ok) return dimension.of === 'rejection' ? dimension.valueOf(reading) : undefined;
  if (dimension.of === 'rejection') return undefined;
  return (dimension.of === 'duplicate') === isDuplicate ? dimension.valueOf(reading) : undefined;
}

function deviceFor(click: Click): Device {
  return deviceOf(click.field('userAgent'));
}

/** Empty for none. */
function hostFor(click: Click): string | undefined {
  return referrerHost(click.field('referrer'));
}

/** @throws RangeError that names the dimensions there are */
export function dimensionNamed(name: string): Dimension {
  const found = dimensions.find((dimension) => dimension.name === name);
  if (!found) throw new RangeError(`dimension "${name}"; allowed: ${dimensionNames.join(', ')}`);
  return found;
}
