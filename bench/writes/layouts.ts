import { writeEntries } from '../../cost/table/simulated-item';
import { dimensionNamed } from '../../domain/counters/dimensions';
import type { WindowSize } from '../../domain/counters/window';
import type { DesignKind } from './design';
import { bucketed, type Layout, packedItems, productLayout } from './designs/packed-items';

/** The product's, with so many buckets of pages. */
function pageBuckets(minute: number, hour: number): Layout {
  const ofPage: Readonly<Record<WindowSize, number>> = { minute, hour };
  return bucketed((dimension, window) =>
    dimension === 'page' ? ofPage[window] : dimensionNamed(dimension).buckets,
  );
}

/** The product's, but that all dimensions of one bucket share an item. */
const sharedItem: Layout = (value, window) => {
  const { dimension, entry } = value;
  return dimensionNamed(dimension).buckets > 1
    ? productLayout(value, window)
    : { partitionKey: 'small#0', entry: { ...entry, value: `${dimension}=${entry.value}` } };
};

function kind(name: string, layout: Layout): DesignKind {
  return {
    name,
    what: name,
    exact: { is: true, why: 'each item says up to where it has counted' },
    create: (windows) => packedItems(windows, layout, writeEntries),
  };
}

/** Other ways to spread the product's counters over items. */
export const layoutKinds: readonly DesignKind[] = [
  kind('as it is: 32 buckets of pages', productLayout),
  ...[8, 16, 64, 128, 512].map((buckets) =>
    kind(`${buckets} buckets of pages`, pageBuckets(buckets, buckets)),
  ),
  kind('32 by minute, 8 by hour', pageBuckets(32, 8)),
  kind('512 by minute, 32 by hour', pageBuckets(512, 32)),
  kind('dimensions of one bucket in one item', sharedItem),
];
