import { recoveryMutants } from './recovery';
import { describeMutants } from './mutant';

describe('The model of the log', () => {
  describeMutants('a command', recoveryMutants);
});
