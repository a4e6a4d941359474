import { type Baselines, baselinesOf } from './baselines';
import type { CostOptions } from './command-line';
import { type CostLine, type Service, totalOf } from './cost-line';
import { neededShards, type ShardNeed } from './flow';
import { type MonthlyCost, monthlyCost } from './monthly-cost';
import { type Saving, savingsOf } from './savings';
import { type StreamChoice, streamChoice } from './stream-choice';

/** Everything that `npm run cost` says of one traffic. */
export interface Bill {
  readonly cost: MonthlyCost;
  /** Dollars a month without an event, and whose they are. */
  readonly idle: number;
  readonly idleByService: Readonly<Partial<Record<Service, number>>>;
  /** Dollars of the twelfth month, with what is kept by then. */
  readonly afterAYear: number;
  /** What other tables would make of it; undefined without events. */
  readonly baselines: Baselines | undefined;
  readonly need: ShardNeed;
  /** What would lower the bill most. */
  readonly savings: readonly Saving[];
  /** Undefined without events. */
  readonly choice: StreamChoice | undefined;
}

export function billOf(options: CostOptions): Bill {
  const { traffic, settings, list, month } = options;
  const cost = monthlyCost(traffic, settings, list, month);
  const idle = monthlyCost({ ...traffic, eventsPerSecond: 0 }, settings, list, 1);
  const hasEvents = traffic.eventsPerSecond > 0;
  return {
    cost,
    idle: idle.dollars,
    idleByService: byService(idle.lines),
    afterAYear: monthlyCost(traffic, settings, list, 12).dollars,
    baselines: hasEvents ? baselinesOf(cost, traffic, settings, list, month) : undefined,
    need: neededShards(traffic),
    savings: hasEvents ? savingsOf(cost, options) : [],
    choice: hasEvents ? streamChoice(traffic, settings, list) : undefined,
  };
}

function byService(lines: readonly CostLine[]): Partial<Record<Service, number>> {
  const services = [...new Set(lines.map(({ service }) => service))];
  return Object.fromEntries(
    services.map((service) => [service, totalOf(lines.filter((line) => line.service === service))]),
  );
}
