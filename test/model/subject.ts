import { decodeBody } from '../../domain/counters/delta-body';
import { type Dimension, dimensions } from '../../domain/counters/dimensions';
import { deltaLimits } from '../../domain/counters/fold';
import { itemLimits } from '../../domain/counters/item';
import { estimate } from '../../domain/visitors/sketch';
import { decodeSketch } from '../../domain/visitors/sketch-bytes';
import { type Unique, uniques, uniquesFor } from '../../domain/visitors/uniques';
import { compactAll } from '../../lambda/compactor/compact-all';
import { rebuildRange } from '../../recover/rebuild/rebuild';
import { repairObject } from '../../recover/repair/repair';
import { createAppender } from '../../table/append';
import { createCompactor } from '../../table/compact';
import { readItem } from '../../table/item-attributes';
import { logTable } from '../../table/log-table';
import { createFollower, readView } from '../../table/view';

/** The code that the model plays. Mutants are built from this file, each with modules of its own. */
export const product = {
  createAppender,
  compactAll,
  createCompactor,
  createFollower,
  decodeBody,
  decodeSketch,
  deltaLimits,
  estimate,
  logTable,
  readItem,
  readView,
  rebuildRange,
  repairObject,
  uniquesFor,

  /** Bounds the content of items. */
  setItemLimits(limits: typeof itemLimits): void {
    Object.assign(itemLimits, limits);
  },

  /** Divides what is divided into so many items a window, as a deployment with other code does. */
  setBuckets(buckets: number): void {
    for (const one of [...dimensions, ...uniques] as {
      -readonly [Key in keyof (Dimension | Unique)]: unknown;
    }[]) {
      if (one.buckets !== 1) one.buckets = buckets;
    }
  },
} as const;

export type Product = typeof product;
