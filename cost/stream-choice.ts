import type { Settings } from '../lib/settings';
import { totalOf } from './cost-line';
import { flowOf, type Traffic } from './flow';
import type { PriceList } from './prices';
import { kinesisLines } from './services/kinesis';

/** The stream's price in each of its modes, and where the cheaper one changes. */
export interface StreamChoice {
  /** Dollars a month. */
  readonly provisioned: number;
  readonly onDemand: number;
  /** Events a second, with as much peak to the mean, from which the other is cheaper; undefined: none up to 100,000. */
  readonly changesAt: number | undefined;
  /** With this mean, the peak (events a second) from which on demand is cheaper; undefined: none up to a million. */
  readonly onDemandFromPeak: number | undefined;
}

const mostEventsPerSecond = 100_000;
const highestPeak = 1_000_000;

/** @param traffic with events */
export function streamChoice(
  traffic: Traffic,
  settings: Pick<Settings, 'shardCount' | 'streamRetentionHours'>,
  list: PriceList,
): StreamChoice {
  const price = (of: Traffic, streamMode: Settings['streamMode']): number => {
    const inMode = { ...settings, streamMode };
    return totalOf(kinesisLines(flowOf(of, inMode), inMode, list));
  };
  const isOnDemandCheaper = (eventsPerSecond: number, peakEventsPerSecond: number): boolean => {
    const of = { ...traffic, eventsPerSecond, peakEventsPerSecond };
    return price(of, 'on-demand') < price(of, 'provisioned');
  };
  const { eventsPerSecond: mean, peakEventsPerSecond: peak } = traffic;
  return {
    provisioned: price(traffic, 'provisioned'),
    onDemand: price(traffic, 'on-demand'),
    changesAt: lastChange((rate) => isOnDemandCheaper(rate, (rate * peak) / mean), 1, mostEventsPerSecond),
    onDemandFromPeak: lastChange((busiest) => isOnDemandCheaper(mean, busiest), mean, highestPeak),
  };
}

/** Where `test` changes for the last time: shards come whole, so that it may change to and fro before. */
function lastChange(test: (at: number) => boolean, from: number, to: number): number | undefined {
  const atEnd = test(to);
  let below = to;
  while (below > from && test(below) === atEnd) below = Math.max(from, below / 1.02);
  if (test(below) === atEnd) return undefined;
  let above = below * 1.02;
  while (above / below > 1 + 1e-9) {
    const middle = (below + above) / 2;
    if (test(middle) === atEnd) above = middle;
    else below = middle;
  }
  return above;
}
