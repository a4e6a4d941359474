import { resolveSettings } from '../lib/resolve-settings';
import { baselinesOf, perMillion } from './baselines';
import type { CostOptions } from './command-line';
import { monthlyCost } from './monthly-cost';

const rates = [10, 100, 1_000, 10_000] as const;

/** Deployments side by side; each row is one of them at all rates. */
const deployments = [
  { name: 'dev', context: { stage: 'dev' } },
  { name: 'prod', context: { stage: 'prod' } },
  { name: 'prod, provisioned', context: { stage: 'prod', streamMode: 'provisioned' } },
] as const;

/** Dollars a month and, in brackets, a million events, at several rates, in Markdown. */
export function costTable({ traffic, context, list, month }: CostOptions): string {
  const rows = deployments.flatMap((deployment) => {
    const settings = resolveSettings({ ...context, ...deployment.context });
    const at = (rate: number, packing: 'none' | 'ndjson') => {
      const of = { ...traffic, packing, eventsPerSecond: rate, peakEventsPerSecond: rate };
      return { of, cost: monthlyCost(of, settings, list, month) };
    };
    const cells = (dollarsAt: (rate: number) => number): string[] =>
      rates.map((rate) => cell(dollarsAt(rate), rate));
    const baselineAt = (rate: number) => {
      const { of, cost } = at(rate, 'none');
      return baselinesOf(cost, of, settings, list, month);
    };
    return [
      [`${deployment.name}: a record each`, ...cells((rate) => at(rate, 'none').cost.dollars)],
      [`${deployment.name}: packed`, ...cells((rate) => at(rate, 'ndjson').cost.dollars)],
      [
        `${deployment.name}: a record each, without the table`,
        ...cells((rate) => baselineAt(rate).withoutTable),
      ],
      [`${deployment.name}: an update a record, inexact`, ...cells((rate) => baselineAt(rate).updateEach)],
      [`${deployment.name}: a transaction a record`, ...cells((rate) => baselineAt(rate).transactionEach)],
    ];
  });
  const heads = ['', ...rates.map((rate) => `${rate.toLocaleString('en-US')} events/s`)];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return `${[line(heads), line(['---', ...rates.map(() => '--:')]), ...rows.map(line)].join('\n')}\n`;
}

function cell(dollars: number, rate: number): string {
  const whole = dollars.toLocaleString('en-US', { maximumFractionDigits: 0 });
  return `$${whole} ($${perMillion(dollars, rate).toFixed(3)})`;
}
