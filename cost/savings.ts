import type { Settings } from '../lib/settings';
import type { CostOptions } from './command-line';
import { neededShards } from './flow';
import { type MonthlyCost, monthlyCost } from './monthly-cost';

/** Something else than what was asked for, that would lower the bill. */
export interface Saving {
  /** As a command line takes it: `--pack` the producer's, `-c` the deployment's. */
  readonly option: string;
  /** What one has then. */
  readonly instead: string;
  /** Dollars less a month. */
  readonly dollars: number;
}

/** How many are told, and how much one has to save to be told. */
const most = 3;
const leastDollars = 0.5;

/**
 * The changes that would lower a bill most, each by itself, the largest first. They trade something else for money, and any
 * other setting allows them; those that keep data for less time are nobody's to recommend.
 *
 * @param ours of the same options
 */
export function savingsOf(ours: MonthlyCost, { traffic, settings, list, month }: CostOptions): Saving[] {
  const savings: Saving[] = [];
  const tell = (option: string, instead: string, { dollars }: MonthlyCost): void => {
    savings.push({ option, instead, dollars: ours.dollars - dollars });
  };
  const change = (values: Partial<Settings>, instead: string): void => {
    const options = Object.entries(values).map(([name, value]) => `-c ${name}=${value}`);
    tell(options.join(' '), instead, monthlyCost(traffic, { ...settings, ...values }, list, month));
  };
  const packed = monthlyCost({ ...traffic, packing: 'ndjson' }, settings, list, month);
  tell('--pack ndjson', 'each record of the stream holds several events', packed);
  change(
    { streamMode: 'provisioned', shardCount: neededShards(traffic).shards },
    'a higher peak needs more shards before it comes',
  );
  change({ streamMode: 'on-demand' }, 'the stream chooses its shards');
  change({ batchingWindowSeconds: 60 }, 'counters are up to a minute behind');
  change({ compactionSeconds: 900 }, 'each report reads up to 15 minutes of the log');
  change({ deduplicationSeconds: 0 }, 'copies that producers make are counted');
  change({ uniqueVisitors: 'total' }, 'no distinct visitors of each page');
  change({ uniqueVisitors: 'off' }, 'no distinct visitors');
  change({ shardLevelMetrics: false }, 'no metrics of each shard');
  change({ transformerBufferSeconds: 60 }, 'archive objects come up to a minute later');
  change({ archiveBufferSeconds: 900 }, 'archive objects come up to 15 minutes later');

  const largestFirst = savings
    .filter(({ dollars }) => dollars >= leastDollars)
    .sort((a, b) => b.dollars - a.dollars);
  const nameOf = ({ option }: Saving): string | undefined => option.split('=')[0];
  // Of two values of a setting, the one that saves more.
  return largestFirst
    .filter((saving, index) => largestFirst.findIndex((other) => nameOf(other) === nameOf(saving)) === index)
    .slice(0, most);
}
