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
 * The changes that would lower a bill most, each by itself, the largest first.
 *
 * @param ours of the same options
 */
export function savingsOf(
  { dollars }: MonthlyCost,
  { traffic, settings, list, month }: CostOptions,
): Saving[] {
  const packed = monthlyCost({ ...traffic, packing: 'ndjson' }, settings, list, month);
  const ofPacking: Saving = {
    option: '--pack ndjson',
    instead: 'each record of the stream holds several events',
    dollars: dollars - packed.dollars,
  };
  const ofSettings = changesOf(neededShards(traffic).shards).map(({ values, instead }): Saving => {
    const option = Object.entries(values).map(([name, value]) => `-c ${name}=${value}`);
    const changed = monthlyCost(traffic, { ...settings, ...values }, list, month);
    return { option: option.join(' '), instead, dollars: dollars - changed.dollars };
  });
  const largestFirst = [ofPacking, ...ofSettings]
    .filter((saving) => saving.dollars >= leastDollars)
    .sort((a, b) => b.dollars - a.dollars);
  // Of two values of a setting, the one that saves more.
  const byName = new Map<string, Saving>();
  for (const saving of largestFirst) {
    const [name = ''] = saving.option.split('=');
    if (!byName.has(name)) byName.set(name, saving);
  }
  return [...byName.values()].slice(0, most);
}

interface Change {
  readonly values: Partial<Settings>;
  readonly instead: string;
}

/**
 * Settings that trade something else for money, and that any other setting allows. Those that keep data for less time are
 * nobody's to recommend.
 */
function changesOf(shards: number): readonly Change[] {
  return [
    {
      values: { streamMode: 'provisioned', shardCount: shards },
      instead: 'a higher peak needs more shards before it comes',
    },
    { values: { streamMode: 'on-demand' }, instead: 'the stream chooses its shards' },
    { values: { batchingWindowSeconds: 60 }, instead: 'counters are up to a minute behind' },
    { values: { compactionSeconds: 900 }, instead: 'each report reads up to 15 minutes of the log' },
    { values: { deduplicationSeconds: 0 }, instead: 'copies that producers make are counted' },
    { values: { uniqueVisitors: 'total' }, instead: 'no distinct visitors of each page' },
    { values: { uniqueVisitors: 'off' }, instead: 'no distinct visitors' },
    { values: { shardLevelMetrics: false }, instead: 'no metrics of each shard' },
    { values: { transformerBufferSeconds: 60 }, instead: 'archive objects come up to a minute later' },
    { values: { archiveBufferSeconds: 900 }, instead: 'archive objects come up to 15 minutes later' },
  ];
}
