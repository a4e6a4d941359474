import { type Dimension, dimensions } from '../../domain/counters/dimensions';
import { itemLimits } from '../../domain/counters/item';
import { type Unique, uniques } from '../../domain/visitors/uniques';

/** Bounds the content of items, which the code has as constants. */
export function setItemLimits(limits: typeof itemLimits): void {
  Object.assign(itemLimits, limits);
}

/** Divides what is divided into so many items a window, as a deployment with other code does. */
export function setBuckets(buckets: number): void {
  for (const one of [...dimensions, ...uniques] as {
    -readonly [Key in keyof (Dimension | Unique)]: unknown;
  }[]) {
    if (one.buckets !== 1) one.buckets = buckets;
  }
}
