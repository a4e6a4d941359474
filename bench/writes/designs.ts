import { writeEntries } from '../../cost/table/simulated-item';
import type { DesignKind } from './design';
import { appended } from './designs/appended';
import { itemEach, transactionsByPosition, transactionsByValue } from './designs/key-items';
import { boundlessWrite, bucketed, packedItems, productLayout } from './designs/packed-items';
import { idempotentUpdates, updateEach } from './designs/update-each';

const yes = (why: string) => ({ is: true, why });
const no = (why: string) => ({ is: false, why });

/** Ways to keep the counters, the product's first and what no way can do without last. */
export const designKinds: readonly DesignKind[] = [
  {
    name: 'product',
    what: 'this design: buckets of counters',
    exact: yes('each item says up to where it has counted'),
    create: (windows) => packedItems(windows, productLayout, writeEntries),
  },
  {
    name: 'update-each',
    what: 'one update a record and counter',
    exact: no('whatever comes again counts again'),
    create: updateEach,
  },
  {
    name: 'item-each',
    what: 'an item a counter, one update a batch',
    exact: yes('if it says up to where it has counted, as here; a plain ADD counts again'),
    create: itemEach,
  },
  {
    name: 'transactions-by-value',
    what: 'the same in transactions, with a marker of the batch',
    exact: no('a batch that comes again cut otherwise has other markers'),
    create: transactionsByValue,
  },
  {
    name: 'transactions-by-position',
    what: 'the same in transactions of runs of events, with a marker of the shard',
    exact: yes('the marker says up to where the shard has been counted'),
    create: transactionsByPosition,
  },
  {
    name: 'powertools',
    what: 'one update a record and counter, in Powertools’ idempotency',
    exact: no('killed between the update and its record’s completion, it counts again once that has expired'),
    create: idempotentUpdates,
  },
  {
    name: 'wide-item',
    what: 'floor: one wide item a dimension and window, however large',
    exact: yes('as this design, if an item could hold it'),
    create: (windows) =>
      packedItems(
        windows,
        bucketed(() => 1),
        boundlessWrite,
      ),
  },
  {
    name: 'appended',
    what: 'floor: the batch’s own counts alone, by minute',
    exact: no('a batch that comes again cut otherwise is another item'),
    create: appended,
  },
];
