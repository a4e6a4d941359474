import { bucketOf } from '../../../domain/counters/bucket';
import type { DeltaContent } from '../../../domain/counters/delta';
import {
  type BucketsOf,
  countsOf,
  itemName,
  type NaiveContent,
  noContent,
  ownGroups,
  summary,
} from './reference';

/** Into how many items a delta divides what it counts, as it says itself. */
export function bucketsIn({ dimensions, sketches }: DeltaContent): BucketsOf {
  return (name) => (dimensions.get(name) ?? sketches.get(name))?.buckets ?? 1;
}

/**
 * What a correction adds to each item: whether it is right shows in what the log comes to with it. Whom it adds to a sketch
 * it does not say.
 */
export function contentOfCorrection({ dimensions, sketches }: DeltaContent): Map<string, NaiveContent> {
  const items = new Map<string, NaiveContent>();
  for (const [name, { buckets, windows }] of sketches) {
    for (const [size, starts] of windows) {
      for (const [start, touched] of starts) {
        for (const value of touched.keys()) {
          items.set(itemName(name, bucketOf(value, buckets), size, start), noContent());
        }
      }
    }
  }
  for (const [dimension, { buckets, windows }] of dimensions) {
    const group = ownGroups.includes(dimension) ? dimension : summary;
    for (const [size, starts] of windows) {
      for (const [start, { values, other, cut }] of starts) {
        const countsIn = (bucket: number) => {
          const name = itemName(group, bucket, size, start);
          const item = items.get(name) ?? noContent();
          items.set(name, item);
          return countsOf(item, dimension);
        };
        for (const [value, count] of values) countsIn(bucketOf(value, buckets)).values.set(value, count);
        if (other !== 0) countsIn(0).other += other;
        if (cut !== 0) countsIn(0).cut += cut;
      }
    }
  }
  return items;
}
