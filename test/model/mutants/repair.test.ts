import { scheduleWithRepairs } from '../schedule';
import { withoutDuplicates } from '../subjects';
import { describeMutants } from './mutant';
import { repairMutants } from './repair';

describe('The model of repairs', () => {
  describeMutants('a repair', withoutDuplicates, scheduleWithRepairs, repairMutants);
});
