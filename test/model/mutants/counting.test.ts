import { counters } from '../subjects';
import { countingMutants } from './counting';
import { findOffence } from './mutant';

describe('The model of the counters', () => {
  it('finds nothing wrong with the product', async () => {
    expect(await findOffence(counters, [])).toBeUndefined();
  }, 120_000);

  it.each(countingMutants)(
    'catches an aggregator that $name',
    async (mutant) => {
      expect(await findOffence(counters, [mutant])).toBeDefined();
    },
    120_000,
  );
});
