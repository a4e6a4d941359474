import { play } from '../played';
import { forSeeds } from '../runs';

/** As many as those beside it, which count what comes to pass: apart, so that two processes can play them. */
it('In further schedules, too, every reader sees what the logs had at one moment', async () => {
  await forSeeds(5_000, async (seed) => void (await play(seed)), 5_001);
}, 36_000_000);
