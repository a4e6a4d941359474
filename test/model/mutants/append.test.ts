import { appendMutants } from './append';
import { describeMutants } from './mutant';

describe('The model of the log', () => {
  describeMutants('an appender', appendMutants);
});
