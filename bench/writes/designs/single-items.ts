import { itemBytes } from '../../../cost/table/item-size';
import { AggregatesTable as attributes, counterKey } from '../../../domain/counter-item';
import { type WindowSize, windowMs, windowSizes, windowStart } from '../../../domain/counters/window';
import type { CountedValue } from '../clicks';
import type { Charging, Ledger } from '../ledger';

/** A counter in an item of its own, `page#/pricing` and a window: what a write of it takes. */
export interface SingleItem {
  readonly bytes: number;
  readonly line: Charging;
}

const mostValues = 2 ** 21;
const earliest = Date.UTC(2025, 0, 1);

/**
 * @param hasPosition whether items say up to where they have counted
 * @returns calls back with the counters that an event adds to; an id names value and window
 */
export function singleItems(ledger: Ledger, windows: readonly WindowSize[], hasPosition: boolean) {
  const known: Readonly<Record<WindowSize, SingleItem[]>> = { minute: [], hour: [] };
  const itemOf = (value: CountedValue, window: WindowSize): SingleItem => {
    known[window][value.index] ??= {
      bytes: bytesOf(value, window, hasPosition),
      line: ledger.line(`${value.dimension} by ${window}`),
    };
    return known[window][value.index]!;
  };
  return (
    values: readonly CountedValue[],
    at: number,
    visit: (id: number, item: SingleItem) => void,
  ): void => {
    for (const window of windows) {
      const minutes = (windowStart(window, at) - earliest) / windowMs.minute;
      const base = (minutes * windowSizes.length + windowSizes.indexOf(window)) * mostValues;
      for (const value of values) visit(base + value.index, itemOf(value, window));
    }
  };
}

function bytesOf(
  { dimension, value, entry }: CountedValue,
  window: WindowSize,
  hasPosition: boolean,
): number {
  const { sk } = counterKey(dimension, 0, window, entry.arrivedAt, '');
  return itemBytes({
    [attributes.partitionKey]: { S: `${dimension}#${value}` },
    [attributes.sortKey]: { S: sk.slice(0, -1) },
    // In a busy minute three digits, in most items fewer.
    count: { N: '123' },
    ...(hasPosition ? { [attributes.position]: { S: entry.position } } : {}),
    [attributes.timeToLive]: { N: '1767225599' },
  });
}
