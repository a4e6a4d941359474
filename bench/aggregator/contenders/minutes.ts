import { parsingCounter } from './counts';
import { mapEach } from './map-each';
import { minuteOf } from './values';

/** Minutes alone, as the product's aggregator counts, in a Map for each and dimension. */
export const { handler, takeCounts } = parsingCounter(() => mapEach((click) => [minuteOf(click)]));
