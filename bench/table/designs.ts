import type { TableDesign } from './design';
import { appended } from './designs/appended';
import { addEach, itemEach, updateEach } from './designs/item-each';
import { product, wideItem } from './designs/packed-items';
import { powertools } from './designs/powertools';

/** Ways to keep the counters; transactions are left out, since the emulated table has none. */
export const tableDesigns: readonly TableDesign[] = [
  product,
  updateEach,
  addEach,
  itemEach,
  powertools,
  wideItem,
  appended,
];
