import { describeMutants } from './mutant';
import { recoveryMutants } from './recovery';

describe('The model of the log', () => {
  describeMutants('a command', recoveryMutants);
});
