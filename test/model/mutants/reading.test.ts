import { describeMutants } from './mutant';
import { brokenByReaders } from './reading';

describe('The model of the log', () => {
  describeMutants('a reader', brokenByReaders);
});
