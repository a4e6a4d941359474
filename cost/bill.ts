import type { CostOptions } from './command-line';
import { neededShards, type ShardNeed } from './flow';
import { type MonthlyCost, monthlyCost } from './monthly-cost';
import { type StreamChoice, streamChoice } from './stream-choice';

/** Everything that `npm run cost` says of one traffic. */
export interface Bill {
  readonly cost: MonthlyCost;
  /** Dollars a month without an event. */
  readonly idle: number;
  /** Dollars of the twelfth month, with what is kept by then. */
  readonly afterAYear: number;
  readonly need: ShardNeed;
  /** Undefined without events. */
  readonly choice: StreamChoice | undefined;
}

export function billOf({ traffic, settings, list, month }: CostOptions): Bill {
  const cost = monthlyCost(traffic, settings, list, month);
  const nothing = { ...traffic, eventsPerSecond: 0 };
  return {
    cost,
    idle: monthlyCost(nothing, settings, list, 1).dollars,
    afterAYear: monthlyCost(traffic, settings, list, 12).dollars,
    need: neededShards(traffic),
    choice: traffic.eventsPerSecond > 0 ? streamChoice(traffic, settings, list) : undefined,
  };
}
