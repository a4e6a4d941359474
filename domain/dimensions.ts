import type { Reading } from './record';
import { referrerHost } from './referrer';
import { deviceOf } from './user-agent';

/** Something that readings are counted by. */
export interface Dimension {
  readonly name: string;
  /**
   * Items that a window of this dimension is spread over. More buckets make smaller items and more writes: 1 for
   * a handful of values, 32 for pages. May be raised at any time; lowered, a reader would miss what the buckets
   * above hold.
   */
  readonly buckets: number;
  /** The value that a reading counts under; undefined if it does not count here. */
  readonly valueOf: (reading: Reading) => string | undefined;
}

/** Every dimension of the pipeline, one line each. A line added here is aggregated, stored and reported. */
export const dimensions: readonly Dimension[] = [
  { name: 'total', buckets: 1, valueOf: (reading) => (reading.ok ? 'all' : undefined) },
  { name: 'type', buckets: 1, valueOf: (reading) => (reading.ok ? reading.event.type : undefined) },
  { name: 'page', buckets: 32, valueOf: (reading) => (reading.ok ? reading.event.page : undefined) },
  {
    name: 'element',
    buckets: 4,
    valueOf: (reading) => (reading.ok ? reading.event.element || undefined : undefined),
  },
  {
    name: 'referrer',
    buckets: 4,
    valueOf: (reading) => (reading.ok ? referrerHost(reading.event.referrer) : undefined),
  },
  {
    name: 'device',
    buckets: 1,
    valueOf: (reading) => (reading.ok ? deviceOf(reading.event.userAgent).deviceClass : undefined),
  },
  {
    name: 'bot',
    buckets: 1,
    valueOf: (reading) => (reading.ok ? botValue(reading.event.userAgent) : undefined),
  },
  { name: 'late', buckets: 1, valueOf: (reading) => (reading.ok && reading.late ? 'late' : undefined) },
  { name: 'invalid', buckets: 1, valueOf: (reading) => (reading.ok ? undefined : reading.reason) },
];

export const dimensionNames: readonly string[] = dimensions.map((dimension) => dimension.name);

function botValue(userAgent: string | undefined): 'bot' | 'human' {
  return deviceOf(userAgent).isBot ? 'bot' : 'human';
}

/** @throws RangeError that names the dimensions there are */
export function dimensionNamed(name: string): Dimension {
  const found = dimensions.find((dimension) => dimension.name === name);
  if (!found) throw new RangeError(`dimension "${name}"; allowed: ${dimensionNames.join(', ')}`);
  return found;
}
