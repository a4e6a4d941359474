import { scheduleWithoutGivingUp } from '../schedule';
import { counters } from '../subjects';
import { countingMutants } from './counting';
import { describeMutants } from './mutant';

describe('The model of the counters', () => {
  describeMutants('an aggregator', counters, scheduleWithoutGivingUp, countingMutants);
});
