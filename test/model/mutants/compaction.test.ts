import { brokenByCompactions } from './compaction';
import { describeMutants } from './mutant';

describe('The model of the log', () => {
  describeMutants('a compaction', brokenByCompactions);
});
