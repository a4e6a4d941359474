import type { CostLine } from '../../cost/cost-line';
import type { Flow, Traffic } from '../../cost/flow';
import type { PriceList } from '../../cost/prices';
import { pricesOf } from '../../cost/prices';
import { resolveSettings } from '../../lib/resolve-settings';
import type { Settings } from '../../lib/settings';

/** Seven events a second of 300 bytes, a record each. */
export function traffic(overrides: Partial<Traffic> = {}): Traffic {
  const eventsPerSecond = overrides.eventsPerSecond ?? 7;
  return {
    eventsPerSecond,
    peakEventsPerSecond: eventsPerSecond,
    eventBytes: 300,
    packing: 'none',
    pages: 50,
    lateShare: 0,
    readers: 2,
    ...overrides,
  };
}

/** Two shards that take 11 records a second of 300 bytes. */
export function flow(overrides: Partial<Flow> = {}): Flow {
  return { shards: 2, eventsPerRecord: 1, recordsPerSecond: 11, recordBytes: 300, readers: 2, ...overrides };
}

export function settings(context: Readonly<Record<string, unknown>> = {}): Settings {
  return resolveSettings(context);
}

export const prices: PriceList = pricesOf('us-east-1');

/** Quantities by driver. */
export function quantities(lines: readonly CostLine[]): Record<string, number> {
  return Object.fromEntries(lines.map(({ driver, quantity }) => [driver, quantity]));
}
