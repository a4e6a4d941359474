import { addTo, parsingCounter } from './counts';

/** As `parse-and-count`, of nothing but the views of each page in each minute. */
export const { handler, takeCounts } = parsingCounter((counts, { page, timestamp }) => {
  addTo(counts, `page minute ${timestamp.slice(0, 16)}:00Z ${page}`, 1);
});
