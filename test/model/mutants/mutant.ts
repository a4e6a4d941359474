import { builtWith, type Edit } from './mutated-build';
import type { Mutation } from './mutation';

/** A mistake that somebody could make in the product, and that the model has to notice. */
export interface Mutant {
  /** What the mistaken code does, as a sentence without its subject. */
  readonly name: string;
  readonly edit: Edit;
  /** It takes more schedules to meet it than a run of the tests has. */
  readonly isSeldomMet?: boolean;
}

/** A rule of the log, and mistakes that break it. */
export interface BrokenRule {
  readonly rule: string;
  readonly mutants: readonly Mutant[];
}

/** Makes mistakes in one file: what the mistaken code does, in which function, and what is changed there. */
export function mistakesIn(file: string) {
  return (name: string, within: string, change: Mutation | readonly Mutation[], imports = ''): Mutant => ({
    name,
    edit: { file, within, mutations: [change].flat(), imports },
  });
}

/** What only many schedules meet: it is tried where `MODEL_RUNS` says how many. */
export function seldomMet(mutant: Mutant): Mutant {
  return { ...mutant, isSeldomMet: true };
}

/** Schedules that a mutant may survive. Always the same ones, so that it is caught every time or never. */
const mostSchedules = Number(process.env.MODEL_RUNS ?? 1_000);

/** Tests that the model catches whoever breaks a rule. */
export function describeMutants(subject: string, rules: readonly BrokenRule[]): void {
  const isTried = ({ isSeldomMet }: Mutant): boolean => !isSeldomMet || process.env.MODEL_RUNS !== undefined;
  const all = rules.flatMap(({ rule, mutants }) => mutants.filter(isTried).map((one) => ({ rule, ...one })));
  it.each(all)(
    `$rule: it catches ${subject} that $name`,
    async ({ edit }) => {
      const { play } = await builtWith<typeof import('../played')>('test/model/played.ts', edit);
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
