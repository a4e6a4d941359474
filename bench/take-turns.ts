import { seededRandom } from '../domain/numbers/random';

/** How often each contender has its turn. */
export interface Rounds {
  /** Turns before those that count. */
  readonly warmUps: number;
  readonly rounds: number;
}

/**
 * Lets the contenders take turns, so that what disturbs the machine disturbs them alike.
 *
 * @param takeTurn is told the number of the round, the first warm-up's being 0
 * @returns by contender's name what its turns gave, one for each round, the warm-ups left out
 */
export async function takeTurns<Contender extends { readonly name: string }, Turn>(
  contenders: readonly Contender[],
  { warmUps, rounds }: Rounds,
  takeTurn: (contender: Contender, round: number) => Promise<Turn> | Turn,
): Promise<ReadonlyMap<string, readonly Turn[]>> {
  const turns = new Map<string, Turn[]>(contenders.map(({ name }) => [name, []]));
  const random = seededRandom('turns');
  for (let round = 0; round < warmUps + rounds; round++) {
    // Each round in another order: whoever always followed the same one would always collect that one's garbage.
    for (const deck = [...contenders]; deck.length > 0; ) {
      const contender = deck.splice(random.below(deck.length), 1)[0]!;
      const turn = await takeTurn(contender, round);
      if (round >= warmUps) turns.get(contender.name)!.push(turn);
    }
  }
  return turns;
}
