import { scheduleWithoutGivingUp } from '../schedule';
import { withoutDuplicates } from '../subjects';
import { duplicateMutants } from './duplicates';
import { describeMutants } from './mutant';

describe('The model of duplicates', () => {
  describeMutants('an aggregator', withoutDuplicates, scheduleWithoutGivingUp, duplicateMutants);
});
