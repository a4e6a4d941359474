import { parsingCounter } from './counts';
import { mapEach } from './map-each';
import { windowsOf } from './values';

/** What the product's items count, in a Map for each window and dimension. */
export const { handler, takeCounts } = parsingCounter(() => mapEach(windowsOf));
