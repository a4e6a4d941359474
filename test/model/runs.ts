import type { Parameters } from 'fast-check';

/**
 * How often a property of the model is tried. `MODEL_RUNS=20` makes that twenty times as often. A failure prints
 * its seed and path, and `MODEL_SEED=… MODEL_PATH=…` plays just that schedule again.
 */
export function runs(numRuns: number): Parameters<unknown> {
  const { MODEL_RUNS = '1', MODEL_SEED, MODEL_PATH } = process.env;
  return {
    numRuns: numRuns * Number(MODEL_RUNS),
    ...(MODEL_SEED === undefined ? {} : { seed: Number(MODEL_SEED) }),
    ...(MODEL_PATH === undefined ? {} : { path: MODEL_PATH }),
  };
}
