import { collectGarbage } from './collect-garbage';
import { quietly } from './quietly';
import { type Rounds, takeTurns } from './take-turns';

/**
 * Lets the contenders take turns on work that is made for each round: all contenders get the same, and nobody anything twice, of which it might
 * remember everything. It is made before anybody's turn, so that nobody pays for it, and what they print is not shown.
 *
 * @returns the work of the rounds that count, and the turns on it
 */
export async function takeTurnsOnWork<Contender extends { readonly name: string }, Work, Turn>(
  contenders: readonly Contender[],
  { warmUps, rounds }: Rounds,
  makeWork: () => Work,
  takeTurn: (contender: Contender, work: Work) => Promise<Turn> | Turn,
): Promise<{ readonly work: readonly Work[]; readonly turns: ReadonlyMap<string, readonly Turn[]> }> {
  const work = Array.from({ length: warmUps + rounds }, makeWork);
  collectGarbage();
  const turns = await quietly(() =>
    takeTurns(contenders, { warmUps, rounds }, (contender, round) => takeTurn(contender, work[round]!)),
  );
  return { work: work.slice(warmUps), turns };
}
