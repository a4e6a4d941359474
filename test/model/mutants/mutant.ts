import { builtWith, type Edit } from '../edited-source';

/** A mistake that somebody could make in the product, and that the model has to notice. */
export interface Mutant {
  /** What the mistaken code does, as a sentence without its subject. */
  readonly name: string;
  readonly edits: readonly Edit[];
  /** It takes more schedules to meet it than a run of the tests has. */
  readonly isSeldomMet?: boolean;
}

/**
 * Makes mistakes in one file: what the mistaken code does, where it stands, the text that it changes, and what stands there
 * then.
 */
export function mistakesIn(file: string) {
  return (name: string, within: string, find: string, replace: string, imports = ''): Mutant => ({
    name,
    edits: [{ file, within, find, replace, imports }],
  });
}

/** What only many schedules meet: it is tried where `MODEL_RUNS` says how many. */
export function seldomMet(mutant: Mutant): Mutant {
  return { ...mutant, isSeldomMet: true };
}

/** Schedules that a mutant may survive. Always the same ones, so that it is caught every time or never. */
const mostSchedules = Number(process.env.MODEL_RUNS ?? 1_000);

/** Tests that the model catches each mutant. */
export function describeMutants(subject: string, mutants: readonly Mutant[]): void {
  it.each(mutants.filter(({ isSeldomMet }) => !isSeldomMet || process.env.MODEL_RUNS !== undefined))(
    `catches ${subject} that $name`,
    async ({ edits }) => {
      const { play } = await builtWith<typeof import('../played')>('test/model/played.ts', edits);
      let caughtAt: number | undefined;
      for (let seed = 1; seed <= mostSchedules && caughtAt === undefined; seed++) {
        await play(seed).catch(() => {
          caughtAt = seed;
        });
      }
      expect(caughtAt).toBeDefined();
    },
    1_200_000,
  );
}
