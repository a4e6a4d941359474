import { seededRandom } from '../../domain/numbers/random';
import { playMapping } from './laptop/play-mapping';
import { storyOf } from './laptop/story';
import { forSeeds } from './runs';
import { settingsOf } from './settings';

function playStory(seed: number, givesUp: boolean): Promise<number> {
  const random = seededRandom(`laptop ${seed}`);
  return playMapping(storyOf(random, givesUp), settingsOf(random), random);
}

describe("Whatever the laptop's event source mapping goes through", () => {
  it('the log has every event once, and none is given up, if it retries without end', async () => {
    await forSeeds(300, async (seed) => expect(await playStory(seed, false)).toBe(0));
  }, 600_000);

  it('the log has every event once that no on-failure object holds, and those at most once', async () => {
    let givenUp = 0;
    await forSeeds(300, async (seed) => {
      givenUp += await playStory(seed, true);
    });
    expect(givenUp).toBeGreaterThan(0);
  }, 600_000);
});
