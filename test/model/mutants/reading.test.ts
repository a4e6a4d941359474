import { describeMutants } from './mutant';
import { readingMutants } from './reading';

describe('The model of the log', () => {
  describeMutants('a reader', readingMutants);
});
