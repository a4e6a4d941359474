/** How often each contender has its turn. */
export interface Rounds {
  /** Turns before those that count. */
  readonly warmUps: number;
  readonly rounds: number;
}

/**
 * Lets the contenders take turns, so that what disturbs the machine disturbs them alike.
 *
 * @returns by contender's name what its turns gave, one for each round, the warm-ups left out
 */
export async function takeTurns<Contender extends { readonly name: string }, Turn>(
  contenders: readonly Contender[],
  { warmUps, rounds }: Rounds,
  takeTurn: (contender: Contender) => Promise<Turn> | Turn,
): Promise<ReadonlyMap<string, readonly Turn[]>> {
  const turns = new Map<string, Turn[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -warmUps; round < rounds; round++) {
    // Every other round backwards, so that nobody always follows the same one.
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      const turn = await takeTurn(contender);
      if (round >= 0) turns.get(contender.name)!.push(turn);
    }
  }
  return turns;
}
