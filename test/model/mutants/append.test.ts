import { brokenByAppenders } from './append';
import { describeMutants } from './mutant';

describe('The model of the log', () => {
  describeMutants('an appender', brokenByAppenders);
});
