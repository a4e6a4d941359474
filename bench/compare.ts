import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { seededRandom } from '../domain/numbers/random';
import { markdownTable } from './report';

/** A way to do some work. */
export interface Contender<Work> {
  readonly name: string;
  readonly what: string;
  readonly turn: (work: Work) => Promise<Turn>;
}

/** What one turn of a contender came to. */
export interface Turn {
  /** The output was what it has to be; if not, the figures mean nothing. */
  readonly right: boolean;
  readonly figures: Readonly<Record<string, number>>;
}

export interface Rounds {
  /** Turns before those that count. */
  readonly warmUps: number;
  readonly rounds: number;
}

/** The median of several rounds, and the extremes. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export interface Result {
  readonly name: string;
  readonly what: string;
  /** Every turn was. */
  readonly right: boolean;
  /** By the figure's name. */
  readonly figures: Readonly<Record<string, Spread>>;
  /** By the column's head: divided by the peer's in the same round, which whatever disturbs the machine disturbs alike. */
  readonly ratios: Readonly<Record<string, Spread>>;
}

/** A column of the table of results: a figure with its extremes, or the median of its ratios to a peer's. */
export interface Column {
  readonly head: string;
  readonly figure: string;
  /** Decimal places. */
  readonly places: number;
  /** Name of the contender whose figure this one is divided by. */
  readonly peer?: string;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/**
 * Lets the contenders take turns on the same work, each round in another order. What they print is formatted and dropped.
 *
 * @param makeWork makes the work of a round, before anybody's turn: nobody gets anything twice, or pays for the making
 */
export async function compare<Work>(
  contenders: readonly Contender<Work>[],
  columns: readonly Column[],
  { warmUps, rounds }: Rounds,
  makeWork: () => Work,
): Promise<Result[]> {
  const turns = new Map<string, Turn[]>(contenders.map(({ name }) => [name, []]));
  const random = seededRandom('turns');
  const { write } = process.stdout;
  process.stdout.write = () => true;
  try {
    for (let round = 0; round < warmUps + rounds; round++) {
      const work = makeWork();
      for (const deck = [...contenders]; deck.length > 0; ) {
        const { name, turn } = deck.splice(random.below(deck.length), 1)[0]!;
        collectGarbage();
        const taken = await turn(work);
        if (round >= warmUps) turns.get(name)!.push(taken);
      }
    }
  } finally {
    process.stdout.write = write;
  }

  const valuesOf = (name: string, figure: string) =>
    turns.get(name)!.map(({ figures }) => figures[figure] ?? Number.NaN);
  return contenders.map(({ name, what }) => ({
    ...{ name, what },
    right: turns.get(name)!.every(({ right }) => right),
    figures: Object.fromEntries(
      Object.keys(turns.get(name)![0]!.figures).map((figure) => [figure, spread(valuesOf(name, figure))]),
    ),
    ratios: Object.fromEntries(
      columns.flatMap(({ head, figure, peer }) => {
        if (peer === undefined) return [];
        const ofPeer = valuesOf(peer, figure);
        return [[head, spread(valuesOf(name, figure).map((value, round) => value / ofPeer[round]!))]];
      }),
    ),
  }));
}

/** The results in Markdown. */
export function resultTable(results: readonly Result[], columns: readonly Column[]): string {
  return markdownTable(
    ['', ...columns.map(({ head }) => head), 'right'],
    results.map(({ what, right, figures, ratios }) => [
      what,
      ...columns.map(({ head, figure, places, peer }) =>
        peer === undefined ? spreadText(figures[figure]!, places) : ratios[head]!.median.toFixed(2),
      ),
      right ? 'yes' : 'NO',
    ]),
  );
}

/** @param numbers at least one */
export function spread(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((a, b) => a - b);
  return {
    median: sorted[Math.floor(sorted.length / 2)]!,
    least: sorted[0]!,
    most: sorted[sorted.length - 1]!,
  };
}

/** `median (least–most)`; what is always the same, once. */
export function spreadText({ median, least, most }: Spread, places: number): string {
  const digits = { minimumFractionDigits: places, maximumFractionDigits: places };
  const [middle, low, high] = [median, least, most].map((value) => value.toLocaleString('en', digits));
  return low === high ? `${middle}` : `${middle} (${low}–${high})`;
}

/** Runs something; milliseconds that passed, and of CPU time of this process, all its threads. */
export async function timed<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly ms: number; readonly cpuMs: number }> {
  const [before, startedAt] = [process.cpuUsage(), performance.now()];
  const result = await work();
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(before);
  return { result, ms, cpuMs: (user + system) / 1_000 };
}
