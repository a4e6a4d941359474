import type { ClickEvent } from '../../../domain/event/click-event';
import { addTo, type Counts, type Tally } from './counts';
import { dimensions, valuesOf } from './values';

/** Counts in a Map for each window and dimension. */
export function mapEach(windowsOf: (click: ClickEvent) => readonly string[]): Tally {
  const windows = new Map<string, readonly Counts[]>();
  const countsOf = (window: string): readonly Counts[] => {
    const known = windows.get(window);
    if (known) return known;
    const made = dimensions.map((): Counts => new Map());
    windows.set(window, made);
    return made;
  };
  return {
    count: (click, arrivedAt) => {
      const values = valuesOf(click, arrivedAt);
      for (const window of windowsOf(click)) {
        const counts = countsOf(window);
        for (let index = 0; index < values.length; index++) {
          const value = values[index];
          if (value !== undefined) addTo(counts[index]!, value, 1);
        }
      }
    },
    counts: () => {
      const named: Counts = new Map();
      for (const [window, byDimension] of windows) {
        for (const [index, counts] of byDimension.entries()) {
          for (const [value, count] of counts) named.set(`${dimensions[index]} ${window} ${value}`, count);
        }
      }
      return named;
    },
  };
}
