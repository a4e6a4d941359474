import { addTo, type Counts, parsingCounter } from './counts';

/** As `one-map`, of nothing but the views of each page in each minute. */
export const { handler, takeCounts } = parsingCounter(() => {
  const counts: Counts = new Map();
  return {
    count: ({ page, timestamp }) => addTo(counts, `page minute ${timestamp.slice(0, 16)}:00Z ${page}`, 1),
    counts: () => counts,
  };
});
