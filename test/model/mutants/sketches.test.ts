import { scheduleWithoutGivingUp } from '../schedule';
import { withSketches } from '../subjects';
import { describeMutants } from './mutant';
import { sketchMutants } from './sketches';

describe('The model of distinct visitors and sessions', () => {
  describeMutants('an aggregator', withSketches, scheduleWithoutGivingUp, sketchMutants);
});
