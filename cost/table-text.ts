import { resolveSettings } from '../lib/resolve-settings';
import { baselinesOf, perMillion } from './baselines';
import type { CostOptions } from './command-line';
import { monthlyCost } from './monthly-cost';

const rates = [10, 100, 1_000, 10_000] as const;

/** Deployments side by side; each row is one of them at all rates. */
const deployments = {
  dev: { stage: 'dev' },
  prod: { stage: 'prod' },
  'prod, provisioned': { stage: 'prod', streamMode: 'provisioned' },
} as const;

/** Dollars a month and, in brackets, a million events, at several rates, in Markdown. */
export function costTable({ traffic, context, list, month }: CostOptions): string {
  const rows = Object.entries(deployments).flatMap(([name, deployment]) => {
    const settings = resolveSettings({ ...context, ...deployment });
    const columns = rates.map((rate) => {
      const at = { ...traffic, eventsPerSecond: rate, peakEventsPerSecond: rate, packing: 'none' } as const;
      const unpacked = monthlyCost(at, settings, list, month);
      const { withoutTable, updateEach, transactionEach } = baselinesOf(unpacked, at, settings, list, month);
      const packed = monthlyCost({ ...at, packing: 'ndjson' }, settings, list, month);
      const amounts = [unpacked.dollars, packed.dollars, withoutTable, updateEach, transactionEach];
      return amounts.map((dollars) => cell(dollars, rate));
    });
    return [
      'a record each',
      'packed',
      'a record each, without the table',
      'an update a record, inexact',
      'a transaction a record',
    ].map((what, row) => [`${name}: ${what}`, ...columns.map((column) => column[row]!)]);
  });
  const heads = ['', ...rates.map((rate) => `${rate.toLocaleString('en-US')} events/s`)];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return `${[line(heads), line(['---', ...rates.map(() => '--:')]), ...rows.map(line)].join('\n')}\n`;
}

function cell(dollars: number, rate: number): string {
  const whole = dollars.toLocaleString('en-US', { maximumFractionDigits: 0 });
  return `$${whole} ($${perMillion(dollars, rate).toFixed(3)})`;
}
