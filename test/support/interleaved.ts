import type { DynamoCalls } from '../../table/dynamo-calls';
import { interceptedCalls } from './intercepted-calls';

/**
 * Runs several actors side by side, whose calls act one after the other.
 *
 * @param turns whose turn it is, again and again: a number among the actors that wait for a call to act
 */
export async function interleaved<Result>(
  dynamo: DynamoCalls,
  turns: readonly number[],
  actors: readonly ((calls: DynamoCalls) => Promise<Result>)[],
): Promise<Result[]> {
  const waiting = actors.map((): (() => void)[] => []);
  let running = actors.length;
  const results = actors.map(async (actor, index) => {
    const calls = interceptedCalls(dynamo, async (_name, _input, act) => {
      await new Promise<void>((resolve) => waiting[index]!.push(resolve));
      return act();
    });
    try {
      return await actor(calls);
    } finally {
      running--;
    }
  });
  for (let turn = 0; running > 0; turn++) {
    // All that can go on without a call does so first.
    await new Promise(setImmediate);
    const ready = waiting.filter((calls) => calls.length > 0);
    if (ready.length > 0) ready[turns[turn % turns.length]! % ready.length]!.shift()!();
  }
  return Promise.all(results);
}
