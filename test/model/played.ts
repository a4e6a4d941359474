import { product } from './subject';
import { type Occurrences, playWith } from './world';

/** Plays the schedule of a seed with the product as this module was built with it. */
export function play(seed: number): Promise<Occurrences> {
  return playWith(product, seed);
}
