import { describeMutants } from './mutant';
import { brokenByCommands } from './recovery';

describe('The model of the log', () => {
  describeMutants('a command', brokenByCommands);
});
