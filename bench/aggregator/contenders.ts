import { AggregatorEnvironment } from '../../lambda/aggregator/contract';
import { countersAlone } from '../function-environment';

/** A way to aggregate. */
export interface Contender {
  readonly name: string;
  readonly what: string;
  /** Of the function, from the root of the repository. */
  readonly entry: string;
  /** What it reads of its environment as it is loaded. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether a counter is one that it keeps. */
  readonly counts: (counter: string) => boolean;
}

const entryOf = (name: string) => `bench/aggregator/contenders/${name}.ts`;

/** As the settings of the stage `prod` are by themselves. */
const prod = {
  ...countersAlone,
  [AggregatorEnvironment.deduplicationSeconds]: '300',
  [AggregatorEnvironment.uniqueVisitors]: 'total',
};

export const contenders: readonly Contender[] = [
  {
    name: 'product',
    what: 'this aggregator, counters alone',
    entry: entryOf('product'),
    environment: countersAlone,
    counts: () => true,
  },
  {
    name: 'product-prod',
    what: 'this aggregator, with duplicates removed and visitors counted',
    entry: entryOf('product'),
    environment: prod,
    counts: () => true,
  },
  {
    name: 'baseline',
    what: 'decode, `JSON.parse`, a Map for each window and dimension, a Set: all counters',
    entry: entryOf('parse-and-count'),
    counts: () => true,
  },
  {
    name: 'minutes',
    what: 'the same by minute alone',
    entry: entryOf('minutes'),
    counts: (counter) => counter.includes(' minute '),
  },
  {
    name: 'one-map',
    what: 'all counters in one Map by their names',
    entry: entryOf('one-map'),
    counts: () => true,
  },
  {
    name: 'page-by-minute',
    what: 'decode, `JSON.parse`, a Map and a Set: page by minute alone',
    entry: entryOf('page-by-minute'),
    counts: (counter) => counter.startsWith('page minute '),
  },
  {
    name: 'floor',
    what: 'the floor: the event’s `JSON.parse`',
    entry: entryOf('nothing'),
    counts: () => false,
  },
];

/** The same with the SDK's calls, to a table that takes everything at once. */
export const tableContenders: readonly Contender[] = [
  {
    name: 'product',
    what: 'this aggregator, counters alone',
    entry: 'lambda/aggregator/handler.ts',
    environment: countersAlone,
    counts: () => false,
  },
  {
    name: 'product-prod',
    what: 'this aggregator, with duplicates removed and visitors counted',
    entry: 'lambda/aggregator/handler.ts',
    environment: prod,
    counts: () => false,
  },
  {
    name: 'item-each',
    what: 'decode, `JSON.parse`, a Map for each window and dimension, and an update for each counter',
    entry: entryOf('item-each'),
    counts: () => false,
  },
];
