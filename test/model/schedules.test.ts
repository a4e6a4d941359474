import { play } from './played';
import { forSeeds } from './runs';

/** So few that a test of as many cannot ask for each of what may happen. */
const fewRuns = 5_000;

describe('Whatever happens between two calls of the table', () => {
  it('every reader sees what the logs had at one moment, and in the end they have the fold of all events', async () => {
    const sums = new Map<string, number>();
    let runs = 0;
    await forSeeds(process.env.TEST_ALL ? 5_000 : 500, async (seed) => {
      runs++;
      for (const [name, times] of Object.entries(await play(seed))) {
        sums.set(name, (sums.get(name) ?? 0) + times);
      }
    });
    // Schedules that stop short of something would pass whatever the product makes of it.
    const never = [...sums].filter(([, times]) => times === 0).map(([name]) => name);
    if (runs >= fewRuns) expect(never).toEqual([]);
  }, 36_000_000);
});
