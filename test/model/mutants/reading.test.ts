import { readingMutants } from './reading';
import { describeMutants } from './mutant';

describe('The model of the log', () => {
  describeMutants('a reader', readingMutants);
});
