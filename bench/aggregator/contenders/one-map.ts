import { addTo, type Counts, parsingCounter } from './counts';
import { dimensions, valuesOf, windowsOf } from './values';

/** As `parse-and-count`, in one Map, which takes a name for each counter and event. */
export const { handler, takeCounts } = parsingCounter(() => {
  const counts: Counts = new Map();
  return {
    count: (click, arrivedAt) => {
      const values = valuesOf(click, arrivedAt);
      for (const window of windowsOf(click)) {
        for (let index = 0; index < values.length; index++) {
          const value = values[index];
          if (value !== undefined) addTo(counts, `${dimensions[index]} ${window} ${value}`, 1);
        }
      }
    },
    counts: () => counts,
  };
});
