/**
 * Plays schedules, each with a seed of its own, as many as asked for: the same ones at each run, so that a failure is of
 * the change that brings it. `MODEL_SEED=$RANDOM` begins elsewhere, and `MODEL_RUNS` says how many. A failure names its
 * seed, and `MODEL_SEED=… MODEL_RUNS=1` plays that one again.
 *
 * @param from the first seed, for schedules that are always the same
 */
export async function forSeeds(
  count: number,
  play: (seed: number) => Promise<void>,
  from?: number,
): Promise<void> {
  const { MODEL_RUNS, MODEL_SEED } = process.env;
  const first = from ?? Number(MODEL_SEED ?? 1);
  const runs = from === undefined ? Number(MODEL_RUNS ?? count) : count;
  for (let seed = first; seed < first + runs; seed++) {
    try {
      await play(seed);
    } catch (error) {
      const again = `MODEL_SEED=${seed} MODEL_RUNS=1 MODEL_TRACE=1 npx jest test/model`;
      throw new Error(`${(error as Error).message}\nseed ${seed}; play it again: ${again}`, { cause: error });
    }
  }
}
